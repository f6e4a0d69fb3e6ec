import { z } from 'zod';

/** Any answer of the control channel. */
export const answerSchema = z.object({
  result: z.int(),
  text: z.string().default(''),
  arguments: z.unknown().optional(),
});

/** Seconds since the epoch, and lifetimes; 2^32 - 1 is a lease without end (RFC 2131 section 3.3). */
const seconds = z.int().min(0).max(0xffff_ffff);

/** A row of `lease4-get-page`; what is not named here is kept, for `lease4-update` takes a lease as a whole. */
export const lease4Schema = z.looseObject({
  'ip-address': z.string().max(64),
  'hw-address': z.string().max(128).default(''),
  'client-id': z.string().max(1024).optional(),
  hostname: z.string().max(1024).default(''),
  cltt: seconds,
  'valid-lft': seconds,
  state: z.int().default(0),
  'subnet-id': z.int(),
});

/** A row of `lease6-get-page`. */
export const lease6Schema = z.object({
  'ip-address': z.string().max(64),
  duid: z.string().max(1024).default(''),
  iaid: z.int().min(0),
  hostname: z.string().max(1024).default(''),
  cltt: seconds,
  'valid-lft': seconds,
  state: z.int().default(0),
  type: z.string().max(16).default('IA_NA'),
});

/** `status-get`; how DHCP stands is told since 2.5.5 (`dhcp-state`), how sockets do since 2.1. */
export const statusSchema = z.object({
  pid: z.int().min(1),
  sockets: z.object({ status: z.string().max(64) }).optional(),
  'dhcp-state': z.object({ 'globally-disabled': z.boolean() }).optional(),
});

/** Somebody's reservation: one identifier, and what is given to it. */
export const reservationSchema = z.looseObject({
  'hw-address': z.string().max(128).optional(),
  'client-id': z.string().max(1024).optional(),
  hostname: z.string().max(1024).default(''),
  'ip-address': z.string().max(64).optional(),
  'user-context': z.looseObject({ truename: z.unknown() }).partial().optional(),
});

const subnetSchema = z.looseObject({
  id: z.int(),
  subnet: z.string().max(64),
  reservations: z.array(reservationSchema).default([]),
  'reservations-in-subnet': z.boolean().optional(),
});

/** What matters of `Dhcp4` in `config-get`; all else is kept as it is. */
const dhcp4Schema = z.looseObject({
  'host-reservation-identifiers': z.array(z.string()).optional(),
  'reservations-in-subnet': z.boolean().optional(),
  'dhcp-ddns': z.looseObject({ 'enable-updates': z.boolean().optional() }).optional(),
  'ddns-qualifying-suffix': z.string().max(1024).optional(),
  reservations: z.array(reservationSchema).default([]),
  subnet4: z.array(subnetSchema).default([]),
  'shared-networks': z.array(z.looseObject({ subnet4: z.array(subnetSchema).default([]) })).default([]),
});

/** The arguments of `config-get`; `hash` stands beside `Dhcp4` since 2.3.4. */
export const configurationSchema = z.looseObject({ Dhcp4: dhcp4Schema });
