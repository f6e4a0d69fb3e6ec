import { firstLabel, sameName } from '../domain/name.ts';
import type { Observation } from '../domain/observation.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { LeaseView } from '../domain/snapshot.ts';
import type { LeaseSubject } from './leases.ts';

/** The reservations beside that of the machine's own MAC address that speak of its name, its lease or its identity. */
export function concerningReservations(
  reservations: Observation<readonly Reservation[]>,
  { wanted, nic, clientId }: LeaseSubject,
  lease: LeaseView['lease'] | undefined,
): Observation<readonly Reservation[]> {
  if (reservations.seen === 'not-observable') return reservations;
  const identity = (clientId ?? lease?.clientId)?.toLowerCase();
  const concerns = (each: Reservation) =>
    sameName(firstLabel(each.name), wanted) ||
    (each.address !== undefined && each.address === lease?.address) ||
    (each.clientId !== undefined && each.clientId.toLowerCase() === identity);
  const all = reservations.seen === 'value' ? reservations.value : [];
  const { source, at } = reservations;
  const value = all.filter((each) => (nic === undefined || each.mac !== nic.mac) && concerns(each));
  return { seen: 'value', value, source, at };
}
