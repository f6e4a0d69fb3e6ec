import { z } from 'zod';
import { firstLabel, sameName } from '../../domain/name.ts';
import type { OwnReservation } from '../../domain/reservation.ts';
import { accepted, type KeaChannel } from './channel.ts';
import { leaseOf, loadLeaseCommands } from './leases.ts';
import { lease4Schema } from './schema.ts';

const byHardware = 'lease4-get-by-hw-address';
const update = 'lease4-update';

/** Commands without which a living lease keeps its name. */
export const renamingCommands: readonly string[] = [byHardware, update];

/**
 * Gives the living leases of a reservation its name, as Kea would at the next request: under `suffix` where one is configured.
 * All else of the lease stays. A lease of another address than the reserved one is left.
 */
export async function renameLeases(
  channel: KeaChannel,
  { mac, name, address }: OwnReservation,
  suffix: string,
  signal: AbortSignal,
): Promise<void> {
  const { source } = channel;
  const asked = { command: byHardware, arguments: { 'hw-address': mac } };
  const answer = await channel.ask(4, asked, signal);
  const found = z.object({ leases: z.array(lease4Schema).default([]) });
  const { leases } = accepted(answer, found, { source, command: byHardware, hint: loadLeaseCommands });
  for (const row of leases) {
    const lease = leaseOf(row);
    if (lease === undefined || (lease.expiresAt ?? '9') <= answer.at) continue;
    if (address !== undefined && lease.address !== address) continue;
    if (sameName(firstLabel(lease.name), name)) continue;
    const { cltt, ...kept } = row;
    const hostname = suffix === '' ? name : `${name}.${suffix}`;
    const changed = { ...kept, hostname: hostname.toLowerCase(), expire: cltt + row['valid-lft'] };
    const done = await channel.ask(4, { command: update, arguments: changed }, signal);
    accepted(done, z.unknown(), { source, command: update, hint: loadLeaseCommands });
  }
}
