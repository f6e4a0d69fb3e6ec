import { asTruenameError, TruenameError } from '../../domain/error.ts';
import type { JournalledRun } from '../../domain/journal.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import {
  type OwnReservation,
  type ReservationDifference,
  sameReservation,
} from '../../domain/reservation.ts';
import { wasOf, wroteOf } from './settle.ts';
import type { ReserveSources } from './sources.ts';
import { hintTakenBack, sayingTakenBack, takeBack } from './take-back.ts';

/**
 * Finishes at a server whose writes take two steps what an earlier run began and did not end: what stands there is put in force.
 * Where the server does not run with it, what that run wrote is taken back. To be called with the server's lock held, before
 * anything is read there; does nothing without a memory. Resolves with why it could not be finished, which is said too:
 * nothing must be written at this server then. Throws only where this run is over.
 */
export async function finishEarlier(
  sources: ReserveSources,
  server: DhcpServer,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<TruenameError | undefined> {
  const { id } = server;
  try {
    await finish(sources, server, say, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const cause = asTruenameError(error);
    const why = `what an earlier run began at ${id} could not be finished: ${cause.message}`;
    say(`${id}: ${why}`);
    const hint = cause.hint ?? 'Run the command again when the server can be reached: it is finished then.';
    return new TruenameError(cause.code, why, { where: cause.where ?? id, hint, cause });
  }
}

async function finish(
  sources: ReserveSources,
  server: DhcpServer,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { id, reserving } = server;
  if (sources.memory === undefined || reserving?.enforce === undefined) return;
  const open = unfinished(await sources.runs(), id);
  if (open.length === 0 || written(open, (await reserving.standing(signal)).own).length === 0) return;
  say(`${id}: an earlier run ended in the midst of its write; what stands there is put in force now`);
  try {
    await reserving.enforce(signal);
  } catch (error) {
    if (!(error instanceof TruenameError) || error.code !== 'reservation-not-taken') throw error;
    const back = written(open, (await reserving.standing(signal)).own);
    if (back.length === 0) throw error;
    say(`${id}: it does not run with what that run wrote, which is taken back`);
    const taken = await takeBack(sources, server, back, signal);
    if (taken.failure === undefined && taken.life.state === 'proven') return;
    throw new TruenameError(error.code, `${error.message}; ${sayingTakenBack(taken)}`, {
      where: id,
      hint: hintTakenBack(taken, id),
    });
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
