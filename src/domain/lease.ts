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

/** All leases of a server at one moment, with what tells whether the server still writes them. */
export interface LeaseTable {
  readonly leases: readonly Lease[];
  /** The server's own clock when the table was read, ISO 8601, UTC. */
  readonly readAt: string;
  /** When the table was last written by the server, ISO 8601, UTC; absent where it cannot be known. */
  readonly writtenAt?: string;
}

/** The living leases that a MAC address holds, the one that ends last first. */
export function leasesOf(table: LeaseTable, mac: Mac): Lease[] {
  return table.leases
    .filter((lease) => lease.mac === mac)
    .filter((lease) => lease.expiresAt === undefined || lease.expiresAt > table.readAt)
    .sort((left, right) => (right.expiresAt ?? '9').localeCompare(left.expiresAt ?? '9'));
}
