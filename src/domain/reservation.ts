import type { Address } from './address.ts';
import type { Mac } from './mac.ts';
import type { Hostname } from './name.ts';

/** What a DHCP server is told beforehand about one client. */
export interface Reservation {
  readonly mac?: Mac;
  readonly clientId?: string;
  /** The name that every lease of this client bears, whatever it sends; absent when only an address is reserved. */
  readonly name?: string;
  readonly address?: Address;
  /** The file in which it stands. */
  readonly file: string;
  /** It is in force nowhere: the server passes it over, since an earlier one has its address. */
  readonly passedOver?: true;
}

/** The reservation of a MAC address; the last line in force wins where there are several, as dnsmasq has it. */
export function reservationOf(reservations: readonly Reservation[], mac: Mac): Reservation | undefined {
  return lastInForce(reservations, (each) => each.mac === mac);
}

/** The last of those that are so and that the server heeds. */
export function lastInForce(
  reservations: readonly Reservation[],
  isSo: (each: Reservation) => boolean,
): Reservation | undefined {
  return reservations.findLast((each) => each.passedOver !== true && isSo(each));
}

/** What Truename reserves: a name for a MAC address, and the address that goes with it where one was asked for. */
export interface OwnReservation {
  readonly mac: Mac;
  readonly name: Hostname;
  readonly address?: Address;
}

/** One difference of a change: what Truename's reservation of a MAC address is before it, and after; null for none. */
export interface ReservationDifference {
  readonly mac: Mac;
  readonly was: OwnReservation | null;
  readonly becomes: OwnReservation | null;
}

/** All that one write changes, each MAC address once. */
export type ReservationChange = readonly ReservationDifference[];

/** The change that takes this one back. */
export function inverseOf(change: ReservationChange): ReservationDifference[] {
  return change.map(({ mac, was, becomes }) => ({ mac, was: becomes, becomes: was }));
}

/** True when both say the same; null is the same as null only. */
export function sameReservation(left: OwnReservation | null, right: OwnReservation | null): boolean {
  if (left === null || right === null) return left === right;
  return left.mac === right.mac && left.name === right.name && left.address === right.address;
}

/** Truename's own reservations after a change. */
export function changedBy(own: readonly OwnReservation[], change: ReservationChange): OwnReservation[] {
  const kept = own.filter((each) => !change.some(({ mac }) => mac === each.mac));
  return [...kept, ...change.flatMap(({ becomes }) => becomes ?? [])];
}
