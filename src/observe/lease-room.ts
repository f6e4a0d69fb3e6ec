import { type Address, inSubnet, isBetween } from '../domain/address.ts';
import type { LeaseLimits } from '../domain/dhcp-range.ts';
import type { LeaseRoom } from '../domain/evidence.ts';
import { isLiving, type LeaseTable, livingLeases } from '../domain/lease.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Segment } from '../domain/segment.ts';

/** What of the limits is used up, as far as they concern a segment; a segment without a subnet is concerned by all of them. */
export function leaseRoom(
  { ranges, most }: LeaseLimits,
  table: LeaseTable,
  reservations: readonly Reservation[],
  { subnet }: Pick<Segment, 'subnet'>,
): LeaseRoom {
  const living = livingLeases(table);
  const used = new Set<Address>([
    ...living.map(({ address }) => address),
    // What is reserved is given to nobody else (dnsmasq src/dhcp.c, address_allocate).
    ...reservations.flatMap(({ address }) => address ?? []),
  ]);
  const leases6 = (table.leases6 ?? []).filter((lease) => isLiving(lease, table));
  return {
    leases: living.length + leases6.length,
    ...(most === undefined ? {} : { most }),
    ranges: ranges
      .filter(({ from, to }) => subnet === undefined || inSubnet(from, subnet) || inSubnet(to, subnet))
      .map(({ tags: _, ...range }) => ({
        ...range,
        taken: [...used].filter((address) => isBetween(address, range.from, range.to)).length,
      })),
  };
}
