import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TruenameError } from '../domain/error.ts';
import { sweepAside, writeAside } from './aside.ts';
import { sweepLocks } from './locks.ts';
import { stateProblem } from './state-file.ts';

/**
 * Tries whether state can be kept: makes the directory where it is missing, writes a file and removes it. Resolves to
 * the error `state-unwritable` where it cannot, for the caller to tell before it goes on without.
 */
export async function canWriteState(directory: string): Promise<TruenameError | undefined> {
  try {
    await rm(await writeAside(directory, ''));
    return undefined;
  } catch (error) {
    return stateProblem(directory, error);
  }
}

/**
 * Removes what runs that were killed left behind in the state directory: locks, and files that were written aside;
 * `run` is who does it. What they remember stays. Throws `state-unwritable`.
 */
export async function sweepState(directory: string, run: string): Promise<void> {
  for (const folder of ['.', 'host-keys', 'server-pauses', 'written-names'])
    await sweepAside(join(directory, folder));
  await sweepLocks(directory, run);
}
