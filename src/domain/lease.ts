import type { Address } from './address.ts';
import type { Mac } from './mac.ts';

/** An IPv4 lease as the DHCP server keeps it. */
export interface Lease {
  readonly address: Address;
  readonly mac: Mac;
  /** As the server keeps it; absent where it knows none (dnsmasq writes `*`). */
  readonly name?: string;
  /** As the server prints it; absent where the client gave none. */
  readonly clientId?: string;
  /** ISO 8601, UTC; absent for a lease without end. */
  readonly expiresAt?: string;
}

/**
 * An IPv6 address as the DHCP server keeps it for a client: known by its DUID, which may hold a MAC address and need
 * not.
 */
export interface Lease6 {
  /** As the server writes it. */
  readonly address: string;
  /** Bytes in lower-case hexadecimal, parted by colons; absent where the server keeps none. */
  readonly duid?: string;
  /** Identity association as the server writes it, with `T` before one for temporary addresses. */
  readonly iaid: string;
  /** As the server keeps it; absent where it knows none. */
  readonly name?: string;
  /** ISO 8601, UTC; absent for a lease without end. */
  readonly expiresAt?: string;
}

/** All leases of a server at one moment, with what tells whether the server still writes them. */
export interface LeaseTable {
  readonly leases: readonly Lease[];
  /** Absent where the server, or what reads it, keeps none. */
  readonly leases6?: readonly Lease6[];
  /** Finds IPv4 leases without going through all of them; absent where the table has none. */
  readonly find?: LeaseLookup;
  /** The server's own clock when the table was read, ISO 8601, UTC. */
  readonly readAt: string;
  /** When the table was last written by the server, ISO 8601, UTC; absent where it cannot be known. */
  readonly writtenAt?: string;
}

/** Finds leases, living and ended, by what they bear. */
export interface LeaseLookup {
  byMac(mac: string): Lease[];
  /** Whatever the case; a name without a dot finds every lease whose first label it is. */
  byName(name: string): Lease[];
  byAddress(address: string): Lease[];
}

/** False for a lease that has ended by the server's clock. */
export function isLiving(lease: Pick<Lease, 'expiresAt'>, { readAt }: Pick<LeaseTable, 'readAt'>): boolean {
  return lease.expiresAt === undefined || lease.expiresAt > readAt;
}

/** The leases that have not ended by the server's clock. */
export function livingLeases(table: LeaseTable): Lease[] {
  return table.leases.filter((lease) => isLiving(lease, table));
}

/** The living leases that a MAC address holds, the one that ends last first. */
export function leasesOf(table: LeaseTable, mac: Mac): Lease[] {
  const held = table.find?.byMac(mac) ?? table.leases.filter((lease) => lease.mac === mac);
  return held
    .filter((lease) => isLiving(lease, table))
    .sort((left, right) => (right.expiresAt ?? '9').localeCompare(left.expiresAt ?? '9'));
}
