import { recordsOf } from '../domain/dns-answer.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Finding, Rule } from '../domain/finding.ts';
import { seenValue } from '../domain/observation.ts';
import type { DhcpMessage } from '../domain/wire.ts';
import { exhibit, isWanted, quoted, remedy, shellWord, viewOf } from './exhibits.ts';

/** RFC 4702 section 2.1: the client asks the server to make no DNS updates. */
const noUpdates = 0x08;

/** D19: what the client says in option 81 counts before what it says in option 12. */
export const fqdnOptionWins: Rule = {
  id: 'fqdn-option-wins',
  title: 'The client sends another name, or a wish for no DNS, in option 81.',
  link: 'dhcp-client',
  follows: ['client-sends-old-name'],
  check({ evidence }) {
    const request = lastRequest(evidence);
    if (request?.fqdn === undefined) return undefined;
    const found = otherName(evidence, request) ?? noDns(evidence, request);
    return (
      found && { rule: fqdnOptionWins.id, link: fqdnOptionWins.link, ...found, remedies: remedies(evidence) }
    );
  },
};

type Told = Pick<Finding, 'severity' | 'summary' | 'evidence'>;

/** What the machine itself asked for last; a DISCOVER counts where no REQUEST was seen. */
function lastRequest({ wire, nic }: Evidence): DhcpMessage | undefined {
  const messages = wire === undefined ? [] : (seenValue(wire)?.messages ?? []);
  const own = messages.filter(({ mac }) => mac === nic?.mac);
  return own.findLast(({ type }) => type === 'REQUEST') ?? own.findLast(({ type }) => type === 'DISCOVER');
}

function otherName(evidence: Evidence, request: DhcpMessage): Told | undefined {
  const { fqdn, hostName } = request;
  if (isWanted(evidence, fqdn)) return undefined;
  const beside = hostName === undefined ? 'has no option 12' : `has ${quoted(hostName)} in option 12`;
  return {
    severity: 'fault',
    summary: `The ${request.type} of the machine says ${quoted(fqdn)} in option 81, which counts before all else, and ${beside}.`,
    evidence: exhibits(evidence, request),
  };
}

/** Only where the name is not known: many servers pass over the wish. */
function noDns(evidence: Evidence, request: DhcpMessage): Told | undefined {
  const { resolvers } = evidence.snapshot;
  const flags = request.fqdnFlags ?? 0;
  const lacking = resolvers.filter(({ forward }) => recordsOf(forward)?.length === 0);
  if ((flags & noUpdates) === 0 || lacking.length === 0) return undefined;
  return {
    severity: 'fault',
    summary: `The ${request.type} of the machine asks the server in option 81 to make no DNS updates (flag N), and ${lacking.map((each) => each.resolver).join(' and ')} does not know the name.`,
    evidence: exhibits(evidence, request),
  };
}

function exhibits({ wire }: Evidence, { at, fqdn, fqdnFlags, hostName }: DhcpMessage): Told['evidence'] {
  const where = { source: wire?.source ?? 'wire', at };
  return [
    exhibit('option 81', fqdn, where),
    exhibit('flags of option 81', fqdnFlags?.toString(2).padStart(4, '0'), where),
    exhibit('option 12', hostName, where),
  ];
}

function remedies(evidence: Evidence): Finding['remedies'] {
  const client = viewOf(evidence)?.client;
  if (client?.kind !== 'network-manager') {
    const how =
      'Let the client send no option 81: dhcpcd `fqdn disable`, ISC dhclient without `send fqdn.…`; then one renewal while the DHCP server answers. Kea passes over what it says by `ddns-replace-client-name` and `ddns-override-no-update`.';
    return [remedy(evidence, 'edit-client-configuration', { disruption: 'renew' }, how)];
  }
  const how = `While the DHCP server answers: \`nmcli connection modify ${shellWord(client.connection.uuid)} ipv4.dhcp-fqdn '' ipv4.dhcp-hostname-flags 0 && nmcli device reapply ${shellWord(client.device)}\`.`;
  return [remedy(evidence, 'clear-profile-name', { disruption: 'renew' }, how)];
}
