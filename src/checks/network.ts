import type { Address } from '../domain/address.ts';
import { addressingOf, type Evidence } from '../domain/evidence.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import type { DnsAnswer } from '../domain/ports.ts';
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

/** The records of an answer, none where it has none; undefined where nobody could look, or no such zone is served. */
export function recordsOf<T>(answer: Observation<DnsAnswer<T>>): readonly T[] | undefined {
  if (answer.seen === 'not-observable') return undefined;
  const value = seenValue(answer);
  if (value?.status === 'not-served') return undefined;
  return value?.status === 'answered' ? value.records : [];
}

/** What was seen of a list that may not have been looked at. */
export function listed<T>(seen: Observation<readonly T[]> | undefined): readonly T[] {
  return seen === undefined ? [] : (seenValue(seen) ?? []);
}

/** A fixed entry at the segment's server: a reservation, or a host entry of its DNS. */
export interface FixedEntry {
  readonly kind: 'reservation' | 'host-entry';
  readonly address: Address;
  readonly names: readonly string[];
  readonly file: string;
  /** Whom a reservation is for; absent for a name alone. */
  readonly mac?: string;
}

/** The entries with an address and a name that concern the machine, the reservation of its own MAC address among them. */
export function fixedEntries({ reservation, neighbours }: Evidence): FixedEntry[] {
  const own = seenValue(reservation);
  const reserved = [...(own === undefined ? [] : [own]), ...listed(neighbours.reservations)];
  return [
    ...reserved.flatMap(({ address, name, file, mac }): FixedEntry[] => {
      if (address === undefined || name === undefined) return [];
      return [{ kind: 'reservation', address, names: [name], file, ...(mac === undefined ? {} : { mac }) }];
    }),
    ...listed(neighbours.hostEntries).map((each): FixedEntry => ({ kind: 'host-entry', ...each })),
  ];
}

/** True when the entry answers for the machine's name: by it, by the full name, or by a domain above that. */
export function isForName({ wanted, fqdn }: Evidence, { names }: Pick<FixedEntry, 'names'>): boolean {
  return names.some((each) => {
    const name = each.toLowerCase();
    return name === '#' || sameName(name, wanted) || name === fqdn || fqdn?.endsWith(`.${name}`) === true;
  });
}

/** True when the entry gives this name, also where only one of the two has a domain. */
export function gives({ names }: Pick<FixedEntry, 'names'>, name: string | undefined): boolean {
  return names.some(
    (each) =>
      sameName(each, name) ||
      (sameName(firstLabel(each), firstLabel(name)) &&
        (!each.includes('.') || name?.includes('.') === false)),
  );
}

/** The entry as a summary shows it. */
export function whereItStands({ kind, file, mac }: FixedEntry): string {
  if (kind === 'host-entry') return `a host entry in ${file}`;
  return mac === undefined ? `a reservation in ${file}` : `the reservation of ${mac} in ${file}`;
}

/** The id of the segment's server, for people. */
export function serverOf({ segment }: Evidence): string {
  return segment?.dhcpServer ?? 'the DHCP server';
}
