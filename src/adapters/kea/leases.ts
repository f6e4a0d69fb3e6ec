import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { parseIpv4 } from '../../domain/address.ts';
import { SourceError } from '../../domain/error.ts';
import type { Lease, Lease6, LeaseTable } from '../../domain/lease.ts';
import { parseMac } from '../../domain/mac.ts';
import { accepted, type KeaChannel, type KeaService } from './channel.ts';
import { lease4Schema, lease6Schema } from './schema.ts';

/** Leases asked for at once: Kea answers no client while it writes them down, and a page of this many is some MiB. */
const pageSize = 5000;

/** A row that is a lease of somebody; others were declined, reclaimed, released or registered (Kea ARM, lease states). */
const assigned = 0;

/** A lease without end (RFC 2131 section 3.3). */
const infinite = 0xffff_ffff;

/** What to do where the commands for leases are missing. */
export const loadLeaseCommands =
  'Load libdhcp_lease_cmds.so at the server: add { "library": ".../kea/hooks/libdhcp_lease_cmds.so" } to its hooks-libraries.';

/** All living leases, page by page; with `six`, those of the DHCPv6 daemon too. Throws `unsupported` without the hook. */
export async function readLeases(
  channel: KeaChannel,
  six: boolean,
  signal: AbortSignal,
): Promise<LeaseTable> {
  const [four, other] = await Promise.all([
    readPages(channel, 4, lease4Schema, signal),
    six ? readPages(channel, 6, lease6Schema, signal) : undefined,
  ]);
  return {
    leases: four.rows.flatMap((row) => leaseOf(row) ?? []),
    ...(other === undefined ? {} : { leases6: other.rows.flatMap((row) => lease6Of(row) ?? []) }),
    readAt: four.at,
  };
}

interface Addressed {
  readonly 'ip-address': string;
}

async function readPages<Schema extends z.ZodType<Addressed>>(
  channel: KeaChannel,
  service: KeaService,
  schema: Schema,
  signal: AbortSignal,
): Promise<{ readonly rows: z.output<Schema>[]; readonly at: string }> {
  const { source } = channel;
  const command = `lease${service}-get-page`;
  const page = z.object({ leases: z.array(schema).default([]) });
  const rows: z.output<Schema>[] = [];
  let from = 'start';
  let began: string | undefined;
  for (;;) {
    const answer = await channel.ask(service, { command, arguments: { from, limit: pageSize } }, signal);
    began ??= answer.at;
    const { leases } = accepted(answer, page, { source, command, hint: loadLeaseCommands });
    for (const lease of leases) rows.push(lease);
    const last = leases.at(-1)?.['ip-address'];
    if (last === undefined || leases.length < pageSize) return { rows, at: began };
    if (last === from) throw new SourceError('bad-response', source, `${command} gives ${last} for ever`);
    from = last;
  }
}

/** A row in the words of the domain; undefined for one that nobody holds, or of another network than Ethernet. */
export function leaseOf(row: z.output<typeof lease4Schema>): Lease | undefined {
  const [address, mac] = [parseIpv4(row['ip-address']), parseMac(row['hw-address'])];
  if (row.state !== assigned || address === undefined || mac === undefined) return undefined;
  const clientId = row['client-id']?.toLowerCase();
  return {
    address,
    mac,
    ...named(row.hostname),
    ...(clientId === undefined || clientId === '' ? {} : { clientId }),
    ...ending(row),
  };
}

function lease6Of(row: z.output<typeof lease6Schema>): Lease6 | undefined {
  const { duid, iaid, type, state } = row;
  const address = row['ip-address'];
  if (state !== assigned || type === 'IA_PD' || !isIPv6(address)) return undefined;
  return {
    address,
    iaid: String(iaid),
    ...named(row.hostname),
    ...(duid === '' ? {} : { duid: duid.toLowerCase() }),
    ...ending(row),
  };
}

function named(hostname: string): { readonly name?: string } {
  return hostname === '' ? {} : { name: hostname };
}

function ending(row: { readonly cltt: number; readonly 'valid-lft': number }): {
  readonly expiresAt?: string;
} {
  const lifetime = row['valid-lft'];
  if (lifetime === infinite) return {};
  return { expiresAt: new Date((row.cltt + lifetime) * 1000).toISOString() };
}
