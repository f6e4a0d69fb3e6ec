import { TruenameError } from '../domain/error.ts';
import type { LeaseTable } from '../domain/lease.ts';
import type { Observation } from '../domain/observation.ts';
import type { DhcpServer } from '../domain/ports.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Segment } from '../domain/segment.ts';

/**
 * Turns a reading into an observation, see `attempt`; the signal that the reading gets ends with its time, which
 * is longer by the given milliseconds where the reading itself takes so long.
 */
export type Look = <T>(
  source: string,
  read: (signal: AbortSignal) => Promise<T | undefined>,
  longerMs?: number,
) => Promise<Observation<T>>;

/** What a segment's DHCP server has leased and reserved, both being read at once. */
export interface ServerTables {
  readonly leases: Promise<Observation<LeaseTable>>;
  readonly reservations: Promise<Observation<readonly Reservation[]>>;
}

/** Begins to read both tables of the segment's server; without a segment nobody knows whom to ask. */
export function readServer(
  { dhcpServer }: { readonly dhcpServer: (id: string) => DhcpServer },
  segment: Segment | undefined,
  look: Look,
): ServerTables {
  const server = async () => {
    if (segment !== undefined) return dhcpServer(segment.dhcpServer);
    throw new TruenameError('segment-unknown', 'no segment in the configuration holds a NIC of the guest');
  };
  const id = segment?.dhcpServer ?? 'an unknown DHCP server';
  return {
    leases: look(`leases of ${id}`, async (signal) => (await server()).leases(signal)),
    reservations: look<readonly Reservation[]>(`reservations of ${id}`, async (signal) => {
      const known = await server();
      if (known.reservations !== undefined) return known.reservations(signal);
      throw new TruenameError('unsupported', `${id} does not say what it has reserved`);
    }),
  };
}
