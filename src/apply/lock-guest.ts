import { TruenameError } from '../domain/error.ts';
import type { Locks } from '../domain/journal.ts';
import type { MendSources } from './mend-sources.ts';

/**
 * Takes the lock of a guest; undefined where nothing can be remembered. Throws `busy`, see {@link takeLock}: two runs
 * in one guest would take each other's renewals for answers to their own.
 */
export async function lockGuest(
  { state }: Pick<MendSources, 'state'>,
  alias: string,
): Promise<{ release(): Promise<void> } | undefined> {
  return state === undefined ? undefined : takeLock(state.locks, alias, state.journal.run);
}

/** Takes a lock for a run; throws `busy` with who holds it since when. */
export async function takeLock(
  locks: Locks,
  alias: string,
  run: string,
): Promise<{ release(): Promise<void> }> {
  const taken = await locks.take(alias, run);
  if (!('heldBy' in taken)) return taken;
  const { run: other, pid, host, since } = taken.heldBy;
  throw new TruenameError('busy', `run ${other} works on it since ${since} (process ${pid} on ${host})`, {
    hint: 'Wait until it is done. If that process is gone, its lock is taken over by itself.',
  });
}
