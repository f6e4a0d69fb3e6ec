import type { Address } from './address.ts';
import type { Mac } from './mac.ts';

/** What a DHCP server is told beforehand about one client. */
export interface Reservation {
  readonly mac?: Mac;
  readonly clientId?: string;
  /** The name that every lease of this client bears, whatever it sends; absent when only an address is reserved. */
  readonly name?: string;
  readonly address?: Address;
  /** The file in which it stands. */
  readonly file: string;
}

/** The reservation of a MAC address; the last line wins where there are several, as dnsmasq has it. */
export function reservationOf(reservations: readonly Reservation[], mac: Mac): Reservation | undefined {
  return reservations.findLast((each) => each.mac === mac);
}
