import type { z } from 'zod';
import { parseIpv4 } from '../../domain/address.ts';
import { parseMac } from '../../domain/mac.ts';
import { parseHostname } from '../../domain/name.ts';
import type { OwnReservation, Reservation } from '../../domain/reservation.ts';
import type { keaReservationSchema } from './schema.ts';
import { type ConfiguredRow, type Fields, mark } from './table.ts';

/** A row of Kea's reservations. */
type ReservationRow = z.output<typeof keaReservationSchema>;

/** Where they stand, for people. */
export const reservationsPlace = 'Services: Kea DHCPv4: Reservations';

/** A row in the words of the domain. */
export function understandReservation(row: ReservationRow): ConfiguredRow {
  const { uuid, subnet, ip_address, hw_address, client_id, hostname, description } = row;
  const mac = parseMac(hw_address);
  const own = ownOf(row);
  return {
    uuid,
    fields: { subnet, ip_address, hw_address, client_id, hostname, description },
    marked: description === mark,
    macs: mac === undefined ? [] : [mac],
    ...(own === undefined ? {} : { own }),
    reservations: reservationsOf(row),
    entries: [],
  };
}

/** The item that says a reservation in the subnet with this uuid. */
export function reservationFields({ mac, name, address }: OwnReservation, subnet: string): Fields {
  return { subnet, ip_address: address ?? '', hw_address: mac, hostname: name, description: mark };
}

function ownOf({
  ip_address,
  hw_address,
  client_id,
  hostname,
  description,
}: ReservationRow): OwnReservation | undefined {
  const [mac, name, address] = [parseMac(hw_address), parseHostname(hostname), parseIpv4(ip_address)];
  if (description !== mark || client_id !== '' || mac !== hw_address) return undefined;
  return mac === undefined || name === undefined || address === undefined
    ? undefined
    : { mac, name, address };
}

function reservationsOf({
  ip_address,
  hw_address,
  client_id,
  hostname,
  description,
}: ReservationRow): Reservation[] {
  const [mac, address] = [parseMac(hw_address), parseIpv4(ip_address)];
  if (mac === undefined && client_id === '') return [];
  return [
    {
      ...(mac === undefined ? {} : { mac }),
      ...(client_id === '' ? {} : { clientId: client_id.toLowerCase() }),
      ...(hostname === '' ? {} : { name: hostname }),
      ...(address === undefined ? {} : { address }),
      file: description === '' ? reservationsPlace : `${reservationsPlace} (${description})`,
    },
  ];
}
