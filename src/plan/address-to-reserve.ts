import { type Address, inSubnet, isEdgeOf } from '../domain/address.ts';
import { firstAddress } from '../domain/address-range.ts';
import { leasesOf, livingLeases } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import type { Segment } from '../domain/segment.ts';
import type { ServerView } from './reservation-clash.ts';

/** An address for a reservation, and why it is this one. */
export interface FoundAddress {
  readonly address: Address;
  readonly note: string;
}

/**
 * The address to reserve for a MAC address at a server that takes no reservation without one: the one that it holds, else a free
 * one of the ranges that the operator named, inside the segment; undefined where there is none. `taken` are addresses of servers.
 */
export function addressToReserve(
  mac: Mac,
  { subnet }: Segment,
  { standing, leases }: ServerView,
  taken: readonly string[],
): FoundAddress | undefined {
  const held = leasesOf(leases, mac)[0]?.address;
  if (held !== undefined)
    return { address: held, note: `the server needs an address with it: ${held}, which the guest holds` };
  if (subnet === undefined) return undefined;
  const given = new Set<string>([
    ...taken,
    ...livingLeases(leases).map(({ address }) => address),
    ...[...standing.own, ...standing.others].flatMap(({ address }) => address ?? []),
  ]);
  const free = (address: Address) =>
    inSubnet(address, subnet) && !isEdgeOf(address, subnet) && !given.has(address);
  const address = firstAddress(standing.freeAddresses ?? [], free);
  if (address === undefined) return undefined;
  return { address, note: `the server needs an address with it: ${address}, a free one of those configured` };
}
