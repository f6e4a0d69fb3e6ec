import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for the sockets of this process, private to it and short: a socket's path may hold 104 bytes (unix(7), and
 * less elsewhere). Undefined where none can be made, as in a unit that may write nowhere. Folders that killed
 * processes left behind are removed first.
 */
export async function runFolder(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const { RUNTIME_DIRECTORY: runtime, STATE_DIRECTORY: state } = environment;
  for (const folder of [runtime?.split(':')[0], tmpdir(), state?.split(':')[0]]) {
    if (folder === undefined || folder === '') continue;
    await removeLeft(folder);
    // What cannot be written is passed over: the next one may be.
    const made = await mkdtemp(join(folder, `truename-${process.pid}-`)).catch(() => undefined);
    if (made !== undefined) return made;
  }
  return undefined;
}

/** Those of processes that are there no more; what another user's process left is that user's. */
async function removeLeft(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = /^truename-(\d{1,10})-\w{6}$/.exec(name)?.[1];
    if (pid === undefined || isThere(Number(pid))) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** kill(2) with no signal: an error other than that there is no such process means that there is one. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
