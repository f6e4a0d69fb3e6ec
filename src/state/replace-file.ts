import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TruenameError } from '../domain/error.ts';

/**
 * Writes a state file whole or not at all: aside under a name of its own (several runs may write at once),
 * flushed, renamed. Folders that are missing are made, for the owner alone. Throws `state-unwritable`.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await write(aside, text);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw stateProblem(path, error);
  }
}

async function write(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The error that a state file cannot be read or written. */
export function stateProblem(path: string, cause: unknown): TruenameError {
  return new TruenameError('state-unwritable', `the state file ${path} cannot be read or written`, {
    where: path,
    hint: 'Make the state directory writable, or name another with --state-dir.',
    cause,
  });
}
