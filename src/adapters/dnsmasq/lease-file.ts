import { isIPv6 } from 'node:net';
import { parseIpv4 } from '../../domain/address.ts';
import type { Lease, Lease6 } from '../../domain/lease.ts';
import { parseMac } from '../../domain/mac.ts';

/** The leases of a lease file, and how many lines could not be read. */
export interface LeaseFile {
  readonly leases: readonly Lease[];
  readonly leases6: readonly Lease6[];
  readonly unreadable: number;
}

/**
 * Reads dnsmasq's lease file: `expiry MAC address name client-id`, one lease a line, `*` for unknown; expiry
 * in seconds since the epoch, 0 for never. A line `duid DUID` with the server's own begins the IPv6 leases: `expiry IAID
 * address name DUID` (dnsmasq src/lease.c, lease_update_file). A MAC of another hardware type has `NN-` before it. The
 * server rewrites the file in place, so a reader may catch a line half written: such lines are counted.
 */
export function parseLeaseFile(text: string): LeaseFile {
  const leases: Lease[] = [];
  const leases6: Lease6[] = [];
  let unreadable = 0;
  let six = false;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('duid ')) {
      six = true;
      continue;
    }
    const lease = six ? parseLine6(line) : parseLine(line);
    if (lease === undefined) unreadable += 1;
    else if ('iaid' in lease) leases6.push(lease);
    else leases.push(lease);
  }
  return { leases, leases6, unreadable };
}

function parseLine(line: string): Lease | undefined {
  const [expiry, hardware, ip, name, clientId] = line.split(' ');
  const mac = parseMac((hardware ?? '').replace(/^[0-9a-f]{2}-/, ''));
  const address = parseIpv4(ip ?? '');
  if (!isExpiry(expiry) || mac === undefined || address === undefined) return undefined;
  if (name === undefined || clientId === undefined) return undefined;
  return {
    address,
    mac,
    ...(name === '*' ? {} : { name }),
    ...(clientId === '*' ? {} : { clientId }),
    ...(expiry === '0' ? {} : { expiresAt: iso(expiry) }),
  };
}

function parseLine6(line: string): Lease6 | undefined {
  const [expiry, iaid, address, name, duid] = line.split(' ');
  if (!isExpiry(expiry) || !/^T?\d{1,10}$/.test(iaid ?? '') || !isIPv6(address ?? '')) return undefined;
  if (name === undefined || duid === undefined) return undefined;
  return {
    address: address as string,
    iaid: iaid as string,
    ...(name === '*' ? {} : { name }),
    ...(duid === '*' ? {} : { duid }),
    ...(expiry === '0' ? {} : { expiresAt: iso(expiry) }),
  };
}

function isExpiry(text: string | undefined): text is string {
  return /^\d{1,11}$/.test(text ?? '');
}

function iso(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
