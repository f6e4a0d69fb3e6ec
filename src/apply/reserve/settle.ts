import type { JournalledRun, ReservationWrite } from '../../domain/journal.ts';
import { type OwnReservation, sameReservation } from '../../domain/reservation.ts';
import type { ReserveMemory } from './sources.ts';

/**
 * Finds out what became of what earlier runs were about to write at this server when they ended: it stands there, and is
 * remembered as written; or it does not, and is remembered as taken back. To be called with the server's lock held.
 */
export async function settleEarlier(
  { journal }: ReserveMemory,
  runs: readonly JournalledRun[],
  server: string,
  own: readonly OwnReservation[],
  say: (line: string) => void,
): Promise<void> {
  for (const { run, writes } of runs) {
    for (const { number, write, certain, undoneBy } of writes) {
      if (write.kind !== 'reservation' || write.server !== server || certain || undoneBy !== undefined)
        continue;
      const stands = own.find(({ mac }) => mac === write.mac) ?? null;
      if (sameReservation(stands, wroteOf(write))) {
        await journal.found(run, number);
        say(`run ${run} ended before it had read back what it wrote for ${write.mac}: it stands there`);
      } else {
        await journal.undone(run, number);
        say(`run ${run} ended before it wrote what it meant for ${write.mac}, or took it back`);
      }
    }
  }
}

/** What a write left standing for its MAC address. */
export function wroteOf({ mac, wrote }: ReservationWrite): OwnReservation | null {
  return wrote === null ? null : { mac, ...wrote };
}

/** What stood there before a write. */
export function wasOf({ mac, was }: ReservationWrite): OwnReservation | null {
  return was === null ? null : { mac, ...was };
}
