import { parseIpv4, prefixOf } from '../../domain/address.ts';
import type { DhcpRange } from '../../domain/dhcp-range.ts';
import { reveal, splitValue } from './option-line.ts';

/**
 * Reads the value of a `dhcp-range` (dnsmasq(8), --dhcp-range; src/option.c, one_opt): tags, the first address, the last one or
 * a mode, netmask and broadcast address, the time. Undefined for IPv6, and where dnsmasq would refuse the line.
 */
export function parseDhcpRange(value: string): Omit<DhcpRange, 'file'> | undefined {
  const parts = splitValue(value).map(reveal);
  const begin = parts.findIndex((part) => /^[\da-f.: ]*$/i.test(part));
  const [first = '', second = '', third = '', ...rest] = parts.slice(Math.max(begin, 0));
  const from = parseIpv4(first);
  if (begin < 0 || from === undefined || rest.length > 5) return undefined;
  const mode = second === 'static' ? 'reserved' : second === 'proxy' ? 'proxy' : 'dynamic';
  const to = mode === 'dynamic' ? parseIpv4(second) : from;
  if (to === undefined) return undefined;
  const netmask = third.includes('.') ? parseIpv4(third) : undefined;
  const prefix = netmask === undefined ? undefined : prefixOf(netmask);
  const tags = parts
    .slice(0, begin)
    .filter((part) => /^(?:tag|net):/.test(part))
    .map((part) => part.slice(4));
  return { from, to, mode, ...(prefix === undefined ? {} : { prefix }), tags };
}

/** How many leases dnsmasq keeps where nothing is said (src/config.h, MAXLEASES). */
export const defaultLeaseMax = 1000;

/** Reads the value of `dhcp-lease-max`; undefined where dnsmasq would refuse it (src/util.c, atoi_check). */
export function parseLeaseMax(value: string): number | undefined {
  return /^ *\d{1,9} *$/.test(value) ? Number(value) : undefined;
}
