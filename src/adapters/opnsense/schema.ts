import { z } from 'zod';

/**
 * The product's answers, as leniently as it writes them: a number may be a number or digits (Kea's lease file was read as text
 * before 26.1.6), an empty map may be `[]` (PHP), and what an older version lacks is left out. Unknown keys are let through.
 */

/** An answer with an error status: of the API itself, or of what it threw (C/Base/ApiControllerBase.php, www/api.php). */
export const errorAnswerSchema = z.looseObject({
  errorMessage: z.string().optional(),
  message: z.string().optional(),
});

/** A text of bounded length; a number where PHP or a script made one of it; `null` is none. */
const text = z
  .union([z.string().max(65_536), z.number(), z.null()])
  .transform((value) => String(value ?? ''));

/** A text that an older version does not send at all. */
const later = text.default('');

/** Rows of a grid are counted before they are looked at. */
const maxRows = 1_000_000;

/** A page of a grid; asked for whole, so `total` is the number of its rows. */
export const gridSchema = z.looseObject({
  rows: z.array(z.unknown()).max(maxRows),
  total: z.union([z.int(), z.string().regex(/^\d{1,9}$/)]).transform(Number),
});

/** Seconds since 1970 as number or digits; `0` for ever (dnsmasq). */
const seconds = z.union([z.number().min(0).max(1e11), z.string().regex(/^\d{1,11}$/)]).transform(Number);

/** A row of `dnsmasq/leases/search` (opnsense/core S/dnsmasq/get_dnsmasq_leases.py). */
export const dnsmasqLeaseSchema = z.looseObject({
  expire: seconds,
  hwaddr: later,
  iaid: later,
  address: text,
  hostname: text,
  client_id: later,
});

/** A row of `kea/leases4/search` (opnsense/core S/kea/get_kea_leases.py); all values are texts before 26.1.6. */
export const keaLeaseSchema = z.looseObject({
  expire: seconds,
  valid_lifetime: seconds.default(0),
  hwaddr: later,
  address: text,
  hostname: later,
  client_id: later,
  state: z
    .union([z.int(), z.string().regex(/^\d{1,3}$/)])
    .transform(Number)
    .default(0),
});

/** A row of `dnsmasq/settings/search_host` (M/Dnsmasq/Dnsmasq.xml, `hosts`); `cnames` since 25.7. */
export const dnsmasqHostSchema = z.looseObject({
  uuid: z.string().regex(/^[0-9a-f-]{36}$/i),
  host: later,
  domain: later,
  local: later,
  ip: later,
  cnames: later,
  client_id: later,
  hwaddr: later,
  lease_time: later,
  ignore: later,
  set_tag: later,
  descr: later,
  comments: later,
  aliases: later,
});

/** A row of `kea/dhcpv4/search_reservation` (M/Kea/KeaDhcpv4.xml); `client_id` since 26.1.8. */
export const keaReservationSchema = z.looseObject({
  uuid: z.string().regex(/^[0-9a-f-]{36}$/i),
  subnet: later,
  ip_address: later,
  hw_address: later,
  client_id: later,
  hostname: later,
  description: later,
});

/** A row of `kea/dhcpv4/search_subnet`. */
export const keaSubnetSchema = z.looseObject({ uuid: z.string().regex(/^[0-9a-f-]{36}$/i), subnet: text });

/** What a write of an item answers (C/Base/ApiMutableModelControllerBase.php); a message may be one or several. */
export const writtenSchema = z.looseObject({
  result: z.string().max(64),
  uuid: z.string().max(64).optional(),
  validations: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
});

/** What a service answers (C/Base/ApiMutableServiceControllerBase.php). */
export const statusSchema = z.looseObject({ status: z.string().max(64) });

/** What an item's option is in `get`: a map of all choices, each selected or not; `[]` for an empty one. */
const flag = z
  .union([z.literal(['0', '1', '']), z.literal([0, 1]), z.boolean()])
  .transform((value) => Number(value) === 1);
const items = z.union([z.record(z.string(), z.looseObject({ domain: later })), z.array(z.unknown()).max(0)]);

/** `dnsmasq/settings/get`, as far as it is read. `dhcp_ranges` since 25.1.6. */
export const dnsmasqSettingsSchema = z.looseObject({
  dnsmasq: z.looseObject({
    enable: flag,
    port: later,
    dhcp: z.looseObject({ domain: later }).optional(),
    dhcp_ranges: items.default([]),
  }),
});

/** `kea/dhcpv4/get`, as far as it is read. */
export const keaSettingsSchema = z.looseObject({
  dhcpv4: z.looseObject({ general: z.looseObject({ enabled: flag }) }),
});

/** `diagnostics/system/system_information` (C/Diagnostics/Api/SystemController.php). */
export const systemInformationSchema = z.looseObject({
  name: z.string().max(255).default(''),
  versions: z.array(z.string().max(255)).max(32),
});
