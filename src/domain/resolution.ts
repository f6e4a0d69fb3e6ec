import type { Address } from './address.ts';
import type { HostEntry } from './host-entry.ts';
import type { Lease } from './lease.ts';
import type { Fqdn } from './name.ts';
import type { Observation } from './observation.ts';
import type { DnsAnswer, TimedAddress } from './ports.ts';
import type { Reservation } from './reservation.ts';
import type { LeaseView } from './snapshot.ts';

/** What one resolver answered about a guest. */
export interface ResolverAnswers {
  readonly resolver: string;
  readonly forward: Observation<DnsAnswer<TimedAddress>>;
  readonly forward6: Observation<DnsAnswer<TimedAddress>>;
  readonly reverse: Observation<DnsAnswer<Fqdn>>;
  /** The same about the lease of another guest, by which a lost name is told from a zone that is not served. */
  readonly witness?: {
    readonly fqdn: Fqdn;
    readonly forward: Observation<DnsAnswer<Address>>;
    readonly reverse: Observation<DnsAnswer<Fqdn>>;
  };
}

/** A guest's name on its way from the lease to the resolvers of its segment. */
export interface Resolution {
  readonly fqdn: Fqdn;
  readonly lease: Observation<LeaseView>;
  /** Living leases of the same server that bear the name, whoever holds them; empty where the table could not be read. */
  readonly bearers: readonly Lease[];
  readonly resolvers: readonly ResolverAnswers[];
  /** All addresses that the server leases to the guest's network interfaces, or the hypervisor gives them. */
  readonly own: readonly Address[];
  /** What was entered at the server by hand. Absent unless a resolver says otherwise than the lease does. */
  readonly entered?: {
    readonly reservations: Observation<readonly Reservation[]>;
    readonly hostEntries: Observation<readonly HostEntry[]>;
  };
}

/** The links at which a name can be lost. */
export const losses = {
  'no-lease': 'The DHCP server holds no living lease of the guest.',
  'lease-bears-another-name': 'The lease bears another name, or none.',
  'lease-not-registered':
    'The resolver knows the leases of others, and not this one, or remembers that there was none.',
  'domain-not-forwarded':
    'The resolver knows no lease of the domain: it does not ask the DHCP server about it.',
  'missing-at-this-resolver': 'The resolver does not know the name, and another one of the segment does.',
  'forward-missing': 'The resolver does not know the name, and there is no other lease to compare with.',
  'static-entry-shadows-lease':
    'The resolver says what a host entry or a reservation at the DHCP server says, and not what it has leased.',
  'stale-dns-record':
    'The resolver gives the name an address that no living lease of the name holds, and no entry at the DHCP server was seen to say so.',
  'another-lease-bears-the-name':
    'The resolver gives the name the address of another machine, whose lease bears it.',
  'reverse-zone-not-forwarded': 'The resolver serves no reverse zone of the address.',
  'reverse-missing': 'The resolver gives the address no name.',
  'leftover-ptr':
    'The resolver gives the address a name that is not the guest’s, and no entry at the DHCP server was seen to say so.',
} as const;

/** One of {@link losses}. */
export type LossKind = keyof typeof losses;

/** Where a name is lost. */
export interface Loss {
  readonly kind: LossKind;
  /** Absent where it is lost before any resolver. */
  readonly resolver?: string;
  /** What was seen, one sentence for people. */
  readonly because: string;
  /** What a person can do about it. */
  readonly hint: string;
  /** False for what a site may leave out: a reverse zone, unless the configuration asks for it. */
  readonly matters: boolean;
}
