import type { Address } from './address.ts';
import type { HostEntry } from './host-entry.ts';
import type { Lease } from './lease.ts';
import { firstLabel, sameName } from './name.ts';
import type { Reservation } from './reservation.ts';

/** A fixed entry at a DHCP server: a reservation, or a host entry of its DNS. */
export interface FixedEntry {
  readonly kind: 'reservation' | 'host-entry';
  readonly address: Address;
  readonly names: readonly string[];
  readonly file: string;
  /** Whom a reservation is for; absent for a name alone. */
  readonly mac?: string;
}

/** The name that a machine is to bear. */
export interface WantedName {
  /** Of one label. */
  readonly wanted: string;
  readonly fqdn: string | undefined;
}

/** Those of the reservations that bind a name to an address, and all host entries. */
export function fixedEntriesOf(
  reservations: readonly Reservation[],
  hostEntries: readonly HostEntry[],
): FixedEntry[] {
  return [
    ...reservations.flatMap(({ address, name, file, mac, passedOver }): FixedEntry[] => {
      if (address === undefined || name === undefined || passedOver === true) return [];
      return [{ kind: 'reservation', address, names: [name], file, ...(mac === undefined ? {} : { mac }) }];
    }),
    ...hostEntries.map((each): FixedEntry => ({ kind: 'host-entry', ...each })),
  ];
}

/** True when the entry answers for the machine's name: by it, by the full name, or by a domain above that. */
export function isForName({ wanted, fqdn }: WantedName, { names }: Pick<FixedEntry, 'names'>): boolean {
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

/** The entry in a sentence. */
export function whereItStands({ kind, file, mac }: FixedEntry): string {
  if (kind === 'host-entry') return `a host entry in ${file}`;
  return mac === undefined ? `a reservation in ${file}` : `the reservation of ${mac} in ${file}`;
}

/** Who can stand behind what a resolver answers. */
export interface Backing extends WantedName {
  /** The machine's own addresses. */
  readonly own: ReadonlySet<string>;
  /** Living leases of others at the same server. */
  readonly leases: readonly Lease[];
  readonly entries: readonly FixedEntry[];
}

/** What stands behind an address that a resolver gives a name. */
export type Behind =
  | { readonly by: 'own' }
  | { readonly by: 'lease'; readonly lease: Lease }
  | { readonly by: 'entry'; readonly entry: FixedEntry }
  | { readonly by: 'nobody' };

/** What stands behind an address with which a resolver answers for the machine's name; a lease only if it bears that name. */
export function behindAddress(address: string, { own, wanted, fqdn, leases, entries }: Backing): Behind {
  if (own.has(address)) return { by: 'own' };
  const lease = leases.find((each) => each.address === address && sameName(firstLabel(each.name), wanted));
  if (lease !== undefined) return { by: 'lease', lease };
  const entry = entries.find((each) => each.address === address && isForName({ wanted, fqdn }, each));
  return entry === undefined ? { by: 'nobody' } : { by: 'entry', entry };
}

/**
 * What stands behind a name with which a resolver answers for the address of the machine's lease: `lease` is its own, under
 * the name that it bears, whichever that is.
 */
export function behindName(
  name: string,
  lease: Lease,
  domain: string,
  { fqdn, entries }: Pick<Backing, 'fqdn' | 'entries'>,
): Behind {
  if (sameName(name, fqdn)) return { by: 'own' };
  const leased = firstLabel(lease.name);
  if (leased !== undefined && sameName(name, `${leased}.${domain}`)) return { by: 'lease', lease };
  const entry = entries.find((each) => each.address === lease.address && gives(each, name));
  return entry === undefined ? { by: 'nobody' } : { by: 'entry', entry };
}
