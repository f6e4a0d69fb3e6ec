import { parseIpv4 } from '../domain/address.ts';
import type { Evidence } from '../domain/evidence.ts';
import { givenAddresses } from '../domain/given-addresses.ts';
import type { GuestSummary } from '../domain/guest.ts';
import { firstLabel, type Hostname, isReservedName, parseHostname, sameName } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { foreignRecords, leasesUnder } from './name-holders.ts';
import type { Roles } from './spare.ts';

/** What tells whether a guest may have its name. */
export type NameEvidence = Pick<Evidence, 'wanted' | 'fqdn' | 'neighbours' | 'reservation'> & {
  readonly snapshot: Pick<Snapshot, 'lease' | 'resolvers'>;
};

/** Why this guest must not be given its name; undefined where nothing speaks against it. */
export function whyNotThisName(
  evidence: NameEvidence,
  roles: Roles,
  options: { readonly takeName: boolean; readonly templates: readonly string[] },
): string | undefined {
  return (
    illegal(evidence) ??
    powerful(evidence, roles, options.templates) ??
    (options.takeName ? undefined : taken(evidence))
  );
}

/** Names of machines that are no guests of their own. */
export interface TakenByRole {
  readonly roles: Roles;
  /** Of templates, beside those of the inventory. */
  readonly templates: readonly string[];
  readonly nodes: readonly string[];
}

/** Why no guest at all may be given this name; undefined where nothing speaks against it. */
export function whyNeverGiven(name: Hostname, { roles, ...machines }: TakenByRole): string | undefined {
  return whyNoGuests(name, machines) ?? whyPowerful(name, roles);
}

/** The same of templates and nodes alone, which no guest can be itself, as it can be a DHCP server. */
export function whyNoGuests(
  name: string,
  { templates, nodes }: Pick<TakenByRole, 'templates' | 'nodes'>,
): string | undefined {
  const isIt = (each: string) => sameName(firstLabel(each), name);
  if (templates.some(isIt)) return `"${name}" is the name of a template`;
  return nodes.some(isIt) ? `"${name}" is the name of a node` : undefined;
}

/** Why a guest must not be called so at the hypervisor; undefined where nothing speaks against it. */
export function whyNotAdopt(
  name: Hostname,
  guest: GuestSummary,
  inventory: readonly GuestSummary[],
  roles: Roles,
): string | undefined {
  const powerful = whyPowerful(name, roles);
  if (powerful !== undefined) return powerful;
  const other = inventory.find(
    (each) => each.ref.vmid !== guest.ref.vmid && sameName(firstLabel(each.name), name),
  );
  return other && `guest ${other.ref.vmid} on ${other.ref.node} is called "${other.name}"`;
}

function whyPowerful(name: Hostname, { hosts }: Roles): string | undefined {
  if (isReservedName(name)) return `"${name}" has a meaning of its own, and is never given to a guest`;
  // Its domain is not known here, and a server's full name has it too.
  const label = (host: string) => (parseIpv4(host) === undefined ? host.split('.')[0] : undefined);
  const found = hosts.find((each) => each.hosts.some((host) => sameName(label(host), name)));
  return found && `"${name}" is the name of the ${found.role} ${found.id}`;
}

function illegal({ wanted, neighbours }: NameEvidence): string | undefined {
  const name = parseHostname(wanted);
  if (name === undefined) return `"${wanted}" is no host name`;
  if (isReservedName(name)) return `"${wanted}" has a meaning of its own, and is never given to a guest`;
  const [other] = neighbours.namesakes;
  return other && `guest ${other.ref.vmid} on ${other.ref.node} has the same host name`;
}

/** Names are power: whoever bears a server's or a template's name is taken for it. */
function powerful(
  evidence: NameEvidence,
  { hosts }: Roles,
  configured: readonly string[],
): string | undefined {
  const { wanted, fqdn, neighbours } = evidence;
  const template = whyNoGuests(wanted, { templates: [...neighbours.templates, ...configured], nodes: [] });
  if (template !== undefined) return template;
  const own = ownAddresses(evidence);
  const found = hosts.find(
    (each) =>
      each.hosts.some((host) => sameName(host, wanted) || sameName(host, fqdn)) &&
      // It may be that server itself, by the word of others than its own.
      !each.hosts.some((host) => own.includes(host)),
  );
  return found && `"${wanted}" is the name of the ${found.role} ${found.id}`;
}

/** Somebody else has it: a living lease of another machine, or an answer of a resolver with another address. */
function taken(evidence: NameEvidence): string | undefined {
  const { wanted, fqdn, neighbours, snapshot } = evidence;
  const own = neighbours.nics.map(({ nic }) => nic.mac);
  const [holder] = leasesUnder(wanted, own, seenValue(neighbours.leases) ?? []);
  if (holder !== undefined) return `the lease of ${holder.address} (${holder.mac}) bears the name already`;
  // Whose an answer is, nobody can tell without the leases.
  if (snapshot.lease.seen === 'not-observable') return undefined;
  const ours = ownAddresses(evidence);
  for (const { resolver, forward } of snapshot.resolvers) {
    const foreign = foreignRecords(forward, (each) => ours.includes(each));
    if (foreign.length > 0) return `${resolver} answers ${fqdn ?? wanted} with ${foreign.join(', ')} already`;
  }
  return undefined;
}

/** The machine's addresses by the word of hypervisor and DHCP server, of all its NICs. */
function ownAddresses({ neighbours, snapshot, reservation }: NameEvidence): string[] {
  const nics = neighbours.nics.map(({ nic }) => nic);
  return [
    seenValue(snapshot.lease)?.lease.address ?? [],
    seenValue(reservation)?.address ?? [],
    givenAddresses(nics, seenValue(neighbours.leases) ?? []),
  ].flat();
}
