import { sameMachine } from '../domain/client-id.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { ProposedRemedy, Rule } from '../domain/finding.ts';
import type { Lease } from '../domain/lease.ts';
import { seenValue } from '../domain/observation.ts';
import { exhibit, inGuest, leaseOf, remedy, shellWord, viewOf } from './exhibits.ts';
import { ownMacs } from './network.ts';

/** D03: another machine goes by the same DHCP identity, so the server takes both for one. */
export const duplicateClientId: Rule = {
  id: 'duplicate-client-id',
  title: 'Another machine leases under the same client identifier.',
  link: 'dhcp-client',
  follows: [],
  check({ evidence }) {
    const own = ownClientId(evidence);
    const others = seenValue(evidence.neighbours.leases);
    if (own === undefined || others === undefined) return undefined;
    const macs = ownMacs(evidence);
    const twins = others.filter((lease) => !macs.has(lease.mac) && sameMachine(lease.clientId, own.id));
    const [twin] = twins;
    if (twin === undefined) return undefined;
    const { lease } = evidence.snapshot;
    const robbed = lease.seen === 'empty' || shownAddresses(evidence).has(twin.address);
    const loss =
      lease.seen === 'empty'
        ? 'and this machine has no lease of its own'
        : robbed
          ? `and this machine uses the address ${twin.address} of that lease`
          : 'and one may be given the address of the other';
    return {
      rule: duplicateClientId.id,
      severity: robbed ? 'fault' : 'risk',
      link: duplicateClientId.link,
      summary: `The machine with ${twin.mac} leases ${twin.address} under the same DHCP identity (${inWhat(twin, own.id)}), ${loss}.`,
      evidence: [
        exhibit('client identifier of this machine', own.id, own.where),
        ...twins.map((each) =>
          exhibit(
            `client identifier of ${each.mac} at ${each.address}`,
            each.clientId,
            evidence.neighbours.leases,
          ),
        ),
        exhibit('lease of this machine', leaseOf(evidence)?.address, lease),
        ...machineId(evidence),
      ],
      remedies: remedies(evidence),
    };
  },
};

function ownClientId(evidence: Evidence) {
  const client = viewOf(evidence)?.client?.clientId;
  if (client !== undefined) return { id: client.toLowerCase(), where: inGuest(evidence) };
  const leased = leaseOf(evidence)?.clientId;
  return leased === undefined ? undefined : { id: leased.toLowerCase(), where: evidence.snapshot.lease };
}

function shownAddresses(evidence: Evidence): ReadonlySet<string> {
  const interfaces = viewOf(evidence)?.interfaces ?? [];
  return new Set(interfaces.flatMap((each) => each.addresses.map(({ address }) => address)));
}

function inWhat(twin: Lease, own: string): string {
  return twin.clientId?.toLowerCase() === own ? 'client identifier' : 'DUID';
}

function machineId(evidence: Evidence) {
  const id = viewOf(evidence)?.os.machineId ?? '';
  return id === '' ? [] : [exhibit('machine-id', id, inGuest(evidence, '/etc/machine-id'))];
}

function remedies(evidence: Evidence): ProposedRemedy[] {
  const client = viewOf(evidence)?.client;
  const found: ProposedRemedy[] = [];
  if (client?.kind === 'networkd') {
    const folder = `/etc/systemd/network/${client.file.split('/').at(-1) ?? ''}.d`;
    found.push(
      remedy(
        evidence,
        'client-id-by-mac',
        { disruption: 'bounce' },
        `Write \`[DHCPv4]\` and \`ClientIdentifier=mac\` to ${folder}/90-identity.conf, then \`networkctl reload\`: the guest gets another address.`,
      ),
    );
  }
  if (client?.kind === 'network-manager') {
    const uuid = shellWord(client.connection.uuid);
    found.push(
      remedy(
        evidence,
        'client-id-by-mac',
        { disruption: 'bounce' },
        `\`nmcli connection modify ${uuid} ipv4.dhcp-client-id mac && nmcli connection up ${uuid}\`: the guest may get another address.`,
      ),
    );
  }
  found.push(
    remedy(
      evidence,
      'new-machine-id',
      { disruption: 'reboot' },
      'Give this clone an identity of its own: `rm -f /etc/machine-id /var/lib/dbus/machine-id && systemd-machine-id-setup`, then reboot; and empty /etc/machine-id in the template.',
    ),
  );
  return found;
}
