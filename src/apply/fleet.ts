import { allowedAtOnce } from '../plan/growth.ts';

/** What the fleet is told by a guest that had its turn. */
export interface Turn {
  /** It was proven well, so that more may be begun together. */
  readonly proven: boolean;
  /** Why nobody else may be begun; absent where the fleet may go on. */
  readonly stop?: string;
}

/**
 * Gives each guest its turn: one first, and more together as they are proven. One that fails keeps nobody else from
 * its turn, unless it says so; nobody is begun once the signal fires. Resolves when all that were begun have ended,
 * with the reason why the rest was not, if there is a rest.
 */
export async function eachInTurn<T>(
  guests: readonly T[],
  bound: number,
  work: (guest: T) => Promise<Turn>,
  stop: AbortSignal,
): Promise<{ readonly notBegun: readonly T[]; readonly why?: string }> {
  const waiting = [...guests];
  const running = new Set<Promise<void>>();
  let proven = 0;
  let halted: string | undefined;
  const begin = (guest: T): void => {
    const turn = work(guest).then((ended) => {
      if (ended.proven) proven += 1;
      halted ??= ended.stop;
    });
    const settled = turn.finally(() => running.delete(settled));
    running.add(settled);
  };
  while (waiting.length > 0 || running.size > 0) {
    const may = halted === undefined && !stop.aborted;
    while (may && waiting.length > 0 && running.size < allowedAtOnce(proven, bound)) {
      const next = waiting.shift();
      if (next !== undefined) begin(next);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (waiting.length === 0) return { notBegun: [] };
  return { notBegun: waiting, why: halted ?? 'the run was interrupted' };
}
