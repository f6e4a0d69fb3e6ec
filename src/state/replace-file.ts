import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeQuietly, sweepAside, writeAside } from './aside.ts';
import { stateProblem } from './state-file.ts';

/**
 * Writes a state file whole or not at all: aside under a name of its own (several runs may write at once),
 * flushed, renamed. Folders that are missing are made, for the owner alone; what a killed run left aside there is
 * removed. Throws `state-unwritable`.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  let aside: string | undefined;
  try {
    aside = await writeAside(dirname(path), text);
    await rename(aside, path);
  } catch (error) {
    if (aside !== undefined) await removeQuietly(aside);
    throw stateProblem(path, error);
  }
  await sweepAside(dirname(path));
}
