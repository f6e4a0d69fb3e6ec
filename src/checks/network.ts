import { addressingOf, type Evidence } from '../domain/evidence.ts';
import { type FixedEntry, fixedEntriesOf } from '../domain/fixed-entry.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import { leaseOf, viewOf } from './exhibits.ts';

/** The MAC addresses of the machine, by the word of its hypervisor and its own. */
export function ownMacs(evidence: Evidence): ReadonlySet<string> {
  return new Set<string>([
    ...(evidence.nic === undefined ? [] : [evidence.nic.mac]),
    ...evidence.neighbours.nics.map(({ nic }) => nic.mac),
    ...(viewOf(evidence)?.identity.macs ?? []),
  ]);
}

/**
 * The addresses that are the machine's by anybody's word: its lease, those of its other NICs, fixed ones, and what it shows
 * itself. Empty where nobody knows the one of the NIC that is looked at.
 */
export function ownAddresses(evidence: Evidence): ReadonlySet<string> {
  const { neighbours, agent, nic } = evidence;
  const shown =
    viewOf(evidence)?.interfaces.flatMap((each) => each.addresses.map((one) => one.address)) ?? [];
  const fixed = typeof nic?.ipv4 === 'object' ? [nic.ipv4.fixed] : [];
  const lease = leaseOf(evidence);
  const own =
    lease === undefined ? (addressingOf(evidence) === 'static' ? [...shown, ...fixed] : []) : [lease.address];
  if (own.length === 0) return new Set();
  const macs = ownMacs(evidence);
  return new Set<string>([
    ...own,
    ...shown,
    ...(seenValue(neighbours.leases) ?? []).filter((each) => macs.has(each.mac)).map((each) => each.address),
    ...neighbours.nics.flatMap((each) => (typeof each.nic.ipv4 === 'object' ? [each.nic.ipv4.fixed] : [])),
    ...(seenValue(agent) ?? []).flatMap((each) => each.addresses),
  ]);
}

/** What was seen of a list that may not have been looked at. */
export function listed<T>(seen: Observation<readonly T[]> | undefined): readonly T[] {
  return seen === undefined ? [] : (seenValue(seen) ?? []);
}

/** The entries with an address and a name that concern the machine, the reservation of its own MAC address among them. */
export function fixedEntries({ reservation, neighbours }: Evidence): FixedEntry[] {
  const own = seenValue(reservation);
  const reserved = [...(own === undefined ? [] : [own]), ...listed(neighbours.reservations)];
  return fixedEntriesOf(reserved, listed(neighbours.hostEntries));
}

/** The id of the segment's server, for people. */
export function serverOf({ segment }: Evidence): string {
  return segment?.dhcpServer ?? 'the DHCP server';
}
