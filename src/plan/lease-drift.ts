import type { GuestView, LeaseView } from '../domain/snapshot.ts';

/**
 * How far, in seconds, the rest of a lease by the server's clock and by the client's may differ. Both count
 * from the same acknowledgement; more means that the table is not of today, or that another server leased.
 */
export const leaseTolerance = 60;

/** Seconds between the rest of the lease by the server's word and by the client's; undefined when either has no end. */
export function leaseDrift(view: LeaseView, guest: GuestView): number | undefined {
  const server = view.lease.expiresAt;
  const client = guest.client?.leaseExpiresAt;
  if (server === undefined || client === undefined) return undefined;
  const rest = (end: string, clock: string) => (Date.parse(end) - Date.parse(clock)) / 1000;
  return Math.abs(rest(server, view.readAt) - rest(client, guest.identity.clock));
}
