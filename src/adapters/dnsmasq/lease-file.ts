import { parseIpv4 } from '../../domain/address.ts';
import type { Lease } from '../../domain/lease.ts';
import { parseMac } from '../../domain/mac.ts';

/** The IPv4 leases of a lease file, and how many lines could not be read. */
export interface LeaseFile {
  readonly leases: readonly Lease[];
  readonly unreadable: number;
}

/**
 * Reads dnsmasq's lease file: `expiry MAC address name client-id`, one lease a line, `*` for unknown; expiry
 * in seconds since the epoch, 0 for never. A `duid` line begins the IPv6 leases (dnsmasq src/lease.c,
 * lease_update_file). A MAC of another hardware type has `NN-` before it. The server rewrites the file in
 * place, so a reader may catch a line half written: such lines are counted.
 */
export function parseLeaseFile(text: string): LeaseFile {
  const leases: Lease[] = [];
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('duid ')) break;
    const lease = parseLine(line);
    if (lease === undefined) unreadable += 1;
    else leases.push(lease);
  }
  return { leases, unreadable };
}

function parseLine(line: string): Lease | undefined {
  const [expiry, hardware, ip, name, clientId] = line.split(' ');
  const mac = parseMac((hardware ?? '').replace(/^[0-9a-f]{2}-/, ''));
  const address = parseIpv4(ip ?? '');
  if (!/^\d{1,11}$/.test(expiry ?? '') || mac === undefined || address === undefined) return undefined;
  if (name === undefined || clientId === undefined) return undefined;
  return {
    address,
    mac,
    ...(name === '*' ? {} : { name }),
    ...(clientId === '*' ? {} : { clientId }),
    ...(expiry === '0' ? {} : { expiresAt: new Date(Number(expiry) * 1000).toISOString() }),
  };
}
