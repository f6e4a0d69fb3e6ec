import { TruenameError } from '../../domain/error.ts';
import type { JournalledRun } from '../../domain/journal.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import {
  type OwnReservation,
  type ReservationDifference,
  sameReservation,
} from '../../domain/reservation.ts';
import { wasOf, wroteOf } from './settle.ts';
import type { ReserveSources } from './sources.ts';

/**
 * Finishes at a server whose writes take two steps what an earlier run began and did not end: what stands there is put in force.
 * Where the server does not run with it, what that run wrote is taken back. To be called with the server's lock held, before
 * anything is read there; does nothing without a memory.
 */
export async function finishEarlier(
  { memory, runs }: Pick<ReserveSources, 'memory' | 'runs'>,
  { id, reserving }: DhcpServer,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (memory === undefined || reserving?.enforce === undefined) return;
  const open = unfinished(await runs(), id);
  if (open.length === 0 || written(open, (await reserving.standing(signal)).own).length === 0) return;
  say(`${id}: an earlier run ended in the midst of its write; what stands there is put in force now`);
  try {
    await reserving.enforce(signal);
  } catch (error) {
    if (!(error instanceof TruenameError) || error.code !== 'reservation-not-taken') throw error;
    const standing = await reserving.standing(signal);
    const back = written(open, standing.own);
    if (back.length === 0) throw error;
    say(`${id}: it does not run with what that run wrote, which is taken back`);
    await reserving.write(back, standing, signal);
  }
}

/** Those that take back what does stand there. */
function written(
  open: readonly ReservationDifference[],
  own: readonly OwnReservation[],
): ReservationDifference[] {
  return open.filter(({ mac, was }) => sameReservation(own.find((each) => each.mac === mac) ?? null, was));
}

/** What takes back each write at this server of which nobody knows how it ended; the newest of each MAC address. */
function unfinished(newestFirst: readonly JournalledRun[], server: string): ReservationDifference[] {
  const found = new Map<string, ReservationDifference>();
  for (const { writes } of newestFirst) {
    for (const { write, certain, undoneBy } of writes) {
      if (write.kind !== 'reservation' || write.server !== server || certain || undoneBy !== undefined)
        continue;
      if (!found.has(write.mac))
        found.set(write.mac, { mac: write.mac, was: wroteOf(write), becomes: wasOf(write) });
    }
  }
  return [...found.values()];
}
