import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isGone, type ProcessIdentity, thisProcess } from './process-identity.ts';
import { isMissing, stateProblem } from './state-file.ts';

/** Before the name of each file that is written aside; nothing else in the state directory begins so. */
const prefix = '.new-';

/**
 * Writes and flushes a text under a name of its own in the folder, which is made where it is missing, for the owner
 * alone. The name says whose it is, so that {@link sweepAside} can tell what a killed process left. Throws what the
 * file system throws, and leaves nothing then.
 */
export async function writeAside(folder: string, text: string): Promise<string> {
  const path = join(folder, nameFor(await thisProcess()));
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return path;
  } catch (error) {
    await removeQuietly(path);
    throw error;
  }
}

/** Removes a file that may be gone already, or may not be removable: {@link sweepAside} finds it later. */
export async function removeQuietly(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

/** Removes what processes that are gone left aside in the folder. Throws `state-unwritable` where it cannot look. */
export async function sweepAside(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (name.startsWith(prefix) && (await isLeft(name))) await removeQuietly(join(folder, name));
  }
}

/** The names in a folder of the state directory; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw stateProblem(folder, error);
  }
}

function nameFor({ host, boot = '', pid, start = '' }: ProcessIdentity): string {
  return `${prefix}${[shorten(host), shorten(boot), pid, start, randomUUID().slice(0, 8)].join('_')}`;
}

async function isLeft(name: string): Promise<boolean> {
  const [host, boot, pid, start] = name.slice(prefix.length).split('_');
  const here = await thisProcess();
  if (host !== shorten(here.host) || !/^\d{1,10}$/.test(pid ?? '')) return false;
  if (boot !== shorten(here.boot ?? '')) return true;
  return isGone({ host: here.host, pid: Number(pid), ...(start ? { start } : {}) });
}

function shorten(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
