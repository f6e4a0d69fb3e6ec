import type { DhcpClientState, NameRule } from '../domain/dhcp-client.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Finding, ProposedRemedy, Rule } from '../domain/finding.ts';
import { isReservedName, parseHostname } from '../domain/name.ts';
import { ruleNow } from '../domain/sent-name.ts';
import {
  exhibit,
  inGuest,
  inInventory,
  isWanted,
  nameOf,
  quoted,
  remedy,
  renaming,
  sent,
  shellWord,
  viewOf,
} from './exhibits.ts';

/** RFC 1035 section 2.3.4. */
const longest = 63;

/** No server and no resolver takes the name as it is, or another guest has the same one. */
export const nameNotLegal: Rule = {
  id: 'name-not-legal',
  title: "The name is no host name, or not this guest's alone.",
  link: 'hypervisor',
  follows: [],
  check({ evidence }) {
    return atHypervisor(evidence) ?? namesake(evidence) ?? inTheGuest(evidence);
  },
};

function atHypervisor(evidence: Evidence): Finding | undefined {
  const { guest, wanted, snapshot } = evidence;
  const parsed = parseHostname(wanted);
  if (guest.name === undefined || (parsed !== undefined && !isReservedName(parsed))) return undefined;
  const because =
    parsed === undefined ? complaintOf(wanted) : 'resolvers and browsers take it for something else';
  return {
    ...finding(
      'fault',
      'hypervisor',
      `The hypervisor calls the guest ${quoted(guest.name)}, which cannot be a host name: ${because}.`,
    ),
    evidence: [exhibit('name at the hypervisor', guest.name, snapshot.hypervisor)],
    remedies: renaming(evidence, legalForm(evidence, wanted)),
  };
}

function namesake(evidence: Evidence): Finding | undefined {
  const { neighbours, guest, wanted, snapshot } = evidence;
  const [other] = neighbours.namesakes;
  if (other === undefined) return undefined;
  const summary = `The guest and ${other.ref.vmid} on ${other.ref.node}, which is called ${quoted(other.name)}, have the same host name ${quoted(wanted)}.`;
  return {
    ...finding('fault', 'hypervisor', summary),
    evidence: [
      exhibit('name at the hypervisor', guest.name ?? wanted, snapshot.hypervisor),
      ...neighbours.namesakes.map(({ ref, name }) =>
        exhibit(`name of ${ref.vmid}`, name, inInventory(evidence)),
      ),
    ],
    remedies: renaming(evidence, `${wanted.slice(0, longest - 10)}-${guest.ref.vmid}`),
  };
}

/** A name inside the guest that its DHCP client would take, and that is none. */
function inTheGuest(evidence: Evidence): Finding | undefined {
  const view = viewOf(evidence);
  if (view?.client === undefined) return undefined;
  const source = sourceOf(view.client, view.host);
  if (source === undefined || isLegal(source.name)) return undefined;
  const goesOut = nameOf(sent(evidence));
  const fate =
    goesOut === undefined ? 'so no name is sent' : `and ${quoted(goesOut)} is sent, which servers may refuse`;
  const what = source.link === 'static' ? 'static name' : 'name in the configuration of the DHCP client';
  const summary = `The ${what}, ${quoted(source.name)}, is no host name (${complaintOf(source.name)}), ${fate}.`;
  return {
    ...finding(isWanted(evidence, goesOut) ? 'risk' : 'fault', source.link, summary),
    evidence: [exhibit(what, source.name, inGuest(evidence, source.file))],
    remedies: [naming(evidence, source)],
  };
}

/** A name that the client would take, and the file that holds it. */
interface NameSource {
  readonly link: 'static' | 'dhcp-client';
  readonly name: string;
  readonly file: string;
}

function sourceOf(
  client: DhcpClientState,
  host: { readonly static: string; readonly transient: string },
): NameSource | undefined {
  const rule: NameRule = ruleNow(client);
  if (rule.from === 'profile') return { link: 'dhcp-client', name: rule.name, file: rule.file };
  if (rule.from !== 'nothing') {
    const whole = host[rule.from];
    const name = rule.cut ? (whole.split('.')[0] ?? '') : whole;
    return name === '' ? undefined : { link: 'static', name, file: '/etc/hostname' };
  }
  if (client.kind !== 'network-manager' || !client.sendsName) return undefined;
  const name = client.appliedName || client.savedName || client.fqdn;
  return name === '' ? undefined : { link: 'dhcp-client', name, file: client.connection.file };
}

function finding(
  severity: Finding['severity'],
  link: Finding['link'],
  summary: string,
): Pick<Finding, 'rule' | 'severity' | 'link' | 'summary'> {
  return { rule: nameNotLegal.id, severity, link, summary };
}

function isLegal(name: string): boolean {
  return name.split('.').every((label) => parseHostname(label) !== undefined);
}

function naming(evidence: Evidence, { link, name, file }: NameSource): ProposedRemedy {
  const legal = parseHostname(evidence.wanted) ?? legalForm(evidence, name);
  if (link === 'static') {
    const how = `In the guest: \`hostnamectl set-hostname ${shellWord(legal)}\`; on NixOS \`networking.hostName = "${legal}";\`.`;
    return remedy(evidence, 'set-static-name', { disruption: 'none' }, how);
  }
  const how = `Say ${quoted(legal)} in ${file === '' ? 'the connection profile' : file}, or take the name out so that the machine's own is sent, and let the client read it.`;
  return remedy(evidence, 'set-profile-name', { disruption: 'renew' }, how);
}

function complaintOf(name: string): string {
  if (name.split('.').some((label) => label.length > longest))
    return `a label has more than ${longest} characters`;
  if (/[^a-z0-9.-]/i.test(name)) return 'there may be letters, digits and hyphens only';
  return name.split('.').includes('') ? 'a label is empty' : 'a label begins or ends with a hyphen';
}

/** The nearest name that is legal: accents dropped, anything else that is not allowed made a hyphen. */
function legalForm({ guest }: Evidence, name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase();
  const form = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replaceAll(/^-+|-+$/g, '');
  const parsed = parseHostname(form);
  if (parsed === undefined) return `guest-${guest.ref.vmid}`;
  return isReservedName(parsed) ? `${form}-${guest.ref.vmid}` : form;
}
