import type { Address } from '../domain/address.ts';
import { TruenameError } from '../domain/error.ts';
import type { HostEntry } from '../domain/host-entry.ts';
import type { Fqdn } from '../domain/name.ts';
import type { DhcpServer } from '../domain/ports.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Resolution } from '../domain/resolution.ts';
import type { Look } from './server-tables.ts';

/** What was entered by hand at the server about a name and an address; undefined without a lease, which nothing can shadow. */
export async function enteredAt(
  { id, reservations, hostEntries }: DhcpServer,
  { fqdn, address }: { readonly fqdn: Fqdn; readonly address: Address | undefined },
  look: Look,
): Promise<Resolution['entered']> {
  if (address === undefined) return undefined;
  const untold = (what: string) => new TruenameError('unsupported', `${id} does not tell its ${what}`);
  const [reserved, entries] = await Promise.all([
    look<readonly Reservation[]>(`reservations of ${id}`, async (until) => {
      if (reservations !== undefined) return reservations(until);
      throw untold('reservations');
    }),
    look<readonly HostEntry[]>(`host entries of ${id}`, async (until) => {
      if (hostEntries !== undefined) return hostEntries({ fqdn, address }, until);
      throw untold('host entries');
    }),
  ]);
  return { reservations: reserved, hostEntries: entries };
}
