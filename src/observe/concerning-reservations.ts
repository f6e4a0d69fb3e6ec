import { firstLabel, sameName } from '../domain/name.ts';
import type { Observation } from '../domain/observation.ts';
import { type Reservation, reservationOf } from '../domain/reservation.ts';
import type { LeaseView } from '../domain/snapshot.ts';
import type { LeaseSubject } from './leases.ts';

/**
 * The reservations beside the one that counts for the machine's own MAC address that speak of its name, its lease, its identity,
 * an address that stands beside that MAC address, or of it too.
 */
export function concerningReservations(
  reservations: Observation<readonly Reservation[]>,
  { wanted, nic, clientId }: LeaseSubject,
  lease: LeaseView['lease'] | undefined,
): Observation<readonly Reservation[]> {
  if (reservations.seen === 'not-observable') return reservations;
  const identity = (clientId ?? lease?.clientId)?.toLowerCase();
  const all = reservations.seen === 'value' ? reservations.value : [];
  const own = nic === undefined ? undefined : reservationOf(all, nic.mac);
  const meant = all.flatMap(({ mac, address }) =>
    mac === nic?.mac && mac !== undefined ? (address ?? []) : [],
  );
  const concerns = (each: Reservation) =>
    (nic !== undefined && each.mac === nic.mac) ||
    sameName(firstLabel(each.name), wanted) ||
    (each.address !== undefined && (each.address === lease?.address || meant.includes(each.address))) ||
    (each.clientId !== undefined && each.clientId.toLowerCase() === identity);
  const { source, at } = reservations;
  const value = all.filter((each) => each !== own && concerns(each));
  return { seen: 'value', value, source, at };
}
