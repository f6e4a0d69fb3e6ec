import type { z } from 'zod';
import { parseIpv4, parseSubnet, type Subnet } from '../../domain/address.ts';
import { parseMac } from '../../domain/mac.ts';
import { parseHostname } from '../../domain/name.ts';
import type { OwnReservation, Reservation } from '../../domain/reservation.ts';
import type { configurationSchema, reservationSchema } from './schema.ts';

/** A running configuration, as far as it is understood. */
export type KeaConfiguration = z.output<typeof configurationSchema>;

/** A subnet that Kea serves, with what is reserved in it. */
export interface KeaSubnet {
  readonly id: number;
  readonly subnet: Subnet | undefined;
  readonly text: string;
  readonly reservations: readonly z.output<typeof reservationSchema>[];
  /** Reservations in it count (`reservations-in-subnet`, true where nothing is said). */
  readonly heeded: boolean;
}

/** The mark of Truename's, in the user-context of its reservations: a place that Kea keeps and never reads. */
const mark = { truename: { reserved: true } } as const;

/** All subnets, those of shared networks too. */
export function subnetsOf({ Dhcp4 }: KeaConfiguration): KeaSubnet[] {
  const all = [...Dhcp4.subnet4, ...Dhcp4['shared-networks'].flatMap(({ subnet4 }) => subnet4)];
  return all.map((each) => ({
    id: each.id,
    subnet: parseSubnet(each.subnet),
    text: each.subnet,
    reservations: each.reservations,
    heeded: each['reservations-in-subnet'] ?? Dhcp4['reservations-in-subnet'] ?? true,
  }));
}

/** What Truename reserved, and in which subnet. */
export function ownReservations(
  configuration: KeaConfiguration,
): readonly { readonly own: OwnReservation; readonly subnet: number }[] {
  return subnetsOf(configuration).flatMap(({ id, reservations }) =>
    reservations.flatMap((each) => {
      const own = ownOf(each);
      return own === undefined ? [] : [{ own, subnet: id }];
    }),
  );
}

/** What everybody reserved, and where it stands; with `others`, without Truename's. */
export function allReservations(
  configuration: KeaConfiguration,
  only: 'all' | 'others' = 'all',
): Reservation[] {
  const global = configuration.Dhcp4.reservations.map((each) => ({
    each,
    file: 'global reservations of Kea',
  }));
  const inside = subnetsOf(configuration).flatMap(({ id, text, reservations }) =>
    reservations.map((each) => ({ each, file: `reservations of Kea's subnet ${text} (id ${id})` })),
  );
  return [...global, ...inside]
    .filter(({ each }) => only === 'all' || ownOf(each) === undefined)
    .flatMap(({ each, file }) => reservationOf(each, file) ?? []);
}

/** Truename's reservation as Kea takes it. */
export function keaReservation({ mac, name, address }: OwnReservation): Record<string, unknown> {
  return {
    'hw-address': mac,
    hostname: name,
    ...(address === undefined ? {} : { 'ip-address': address }),
    'user-context': mark,
  };
}

/** True of a row that is marked as Truename's. */
export function isMarked(row: z.output<typeof reservationSchema>): boolean {
  return row['user-context']?.truename !== undefined;
}

function ownOf(row: z.output<typeof reservationSchema>): OwnReservation | undefined {
  const [mac, name] = [parseMac(row['hw-address'] ?? ''), parseHostname(row.hostname)];
  if (!isMarked(row) || mac === undefined || name === undefined) return undefined;
  const address = givenAddress(row);
  return { mac, name, ...(address === undefined ? {} : { address }) };
}

function reservationOf(row: z.output<typeof reservationSchema>, file: string): Reservation | undefined {
  const [mac, clientId] = [parseMac(row['hw-address'] ?? ''), row['client-id']?.toLowerCase()];
  if (mac === undefined && clientId === undefined) return undefined;
  const address = givenAddress(row);
  return {
    ...(mac === undefined ? {} : { mac }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(row.hostname === '' ? {} : { name: row.hostname }),
    ...(address === undefined ? {} : { address }),
    file,
  };
}

/** `0.0.0.0` stands for none. */
function givenAddress(row: z.output<typeof reservationSchema>) {
  const address = parseIpv4(row['ip-address'] ?? '');
  return address === '0.0.0.0' ? undefined : address;
}
