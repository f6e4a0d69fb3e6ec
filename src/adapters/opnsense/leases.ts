import { isIPv6 } from 'node:net';
import type { z } from 'zod';
import { parseIpv4 } from '../../domain/address.ts';
import type { Lease, Lease6, LeaseTable } from '../../domain/lease.ts';
import { parseMac } from '../../domain/mac.ts';
import type { dnsmasqLeaseSchema, keaLeaseSchema } from './schema.ts';

/** A row of Dnsmasq's leases. */
type DnsmasqRow = z.output<typeof dnsmasqLeaseSchema>;

/** A row of Kea's leases. */
type KeaRow = z.output<typeof keaLeaseSchema>;

/**
 * Dnsmasq's leases in the words of the domain: its file raw, with `*` for no name and no client id, and those that have ended
 * (S/dnsmasq/get_dnsmasq_leases.py). A row of another hardware than Ethernet is no lease of a guest, and is left out.
 */
export function dnsmasqTable(rows: readonly DnsmasqRow[], readAt: string): LeaseTable {
  return { leases: rows.flatMap(dnsmasqLease), leases6: rows.flatMap(dnsmasqLease6), readAt };
}

/**
 * Kea's leases in the words of the domain. Those in another state than 0 were declined or given back. Where its file was read
 * (before 26.1.6) an address has a row for each MAC address that had it, at the place of that one's first lease, so that the
 * order tells nothing (S/kea/get_kea_leases.py): the row of whoever spoke last holds.
 */
export function keaTable(rows: readonly KeaRow[], readAt: string): LeaseTable {
  const last = new Map<string, KeaRow>();
  for (const row of rows) {
    const known = last.get(row.address);
    if (known === undefined || spokeAt(row) >= spokeAt(known)) last.set(row.address, row);
  }
  return { leases: [...last.values()].flatMap(keaLease), readAt };
}

/** When the client last spoke, in seconds since 1970: Kea's `cltt`. */
function spokeAt({ expire, valid_lifetime }: KeaRow): number {
  return expire - valid_lifetime;
}

function dnsmasqLease({ address: ip, hwaddr, hostname, client_id, expire }: DnsmasqRow): Lease[] {
  // Of IPv6 leases the MAC address is taken out of the DUID, so the address says which it is.
  const address = parseIpv4(ip);
  const mac = parseMac(hwaddr.replace(/^[0-9a-f]{2}-(?=[0-9a-f]{2}:)/i, ''));
  if (address === undefined || mac === undefined) return [];
  return [
    {
      address,
      mac,
      ...named(hostname),
      ...identified(client_id),
      ...(expire === 0 ? {} : { expiresAt: iso(expire) }),
    },
  ];
}

function dnsmasqLease6({ address, iaid, hostname, client_id, expire }: DnsmasqRow): Lease6[] {
  if (!isIPv6(address)) return [];
  const { clientId: duid } = identified(client_id);
  return [
    {
      address,
      iaid,
      ...named(hostname),
      ...(duid === undefined ? {} : { duid }),
      ...(expire === 0 ? {} : { expiresAt: iso(expire) }),
    },
  ];
}

function keaLease({ address: ip, hwaddr, hostname, client_id, expire, state }: KeaRow): Lease[] {
  const [address, mac] = [parseIpv4(ip), parseMac(hwaddr)];
  if (address === undefined || mac === undefined || state !== 0) return [];
  return [{ address, mac, ...named(hostname), ...identified(client_id), expiresAt: iso(expire) }];
}

function named(hostname: string): Pick<Lease, 'name'> {
  // Kea writes a full name with a dot at its end where it qualified it.
  const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  return name === '' || name === '*' ? {} : { name };
}

function identified(clientId: string): Pick<Lease, 'clientId'> {
  return /^[0-9a-f]{2}(?::[0-9a-f]{2})*$/i.test(clientId) ? { clientId: clientId.toLowerCase() } : {};
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
