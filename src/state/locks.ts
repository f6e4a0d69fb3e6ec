import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { LockHolder, Locks } from '../domain/journal.ts';
import { namesIn, sweepAside } from './aside.ts';
import { claimSuffix, createLock, type LockRecord, readLock, removeGone, removeOwn } from './lock-file.ts';
import { isGone, thisProcess } from './process-identity.ts';
import { aliasFileName } from './state-file.ts';

const lockSuffix = '.lock';

/** How often a taker comes back to a lock that changes hands while it looks. */
const attempts = 200;

/**
 * Locks as files in `locks/` of the state directory. One whose process is gone is taken over: no such process, another
 * with its number, or another boot of the same host. One of another host never is. Everything throws
 * `state-unwritable`; only `take` and `release` write.
 */
export function fileLocks(directory: string, now: () => string = () => new Date().toISOString()): Locks {
  const folder = join(directory, 'locks');
  const file = (name: string) => join(folder, `${aliasFileName(name, 'a lock')}${lockSuffix}`);
  return {
    async take(name, run) {
      const path = file(name);
      const mine = await recordFor(run, now());
      await sweepFolder(folder, mine, [claimSuffix]);
      let holder = mine;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const found = await readLock(path);
        if (found === undefined) {
          if (await createLock(path, mine)) return { release: () => removeOwn(path, mine) };
          continue;
        }
        holder = found;
        if (!(await isGone(found))) break;
        await removeGone(path, found, mine);
      }
      return { heldBy: holderOf(holder) };
    },
    async holder(name) {
      const record = await readLock(file(name));
      return record === undefined || (await isGone(record)) ? undefined : holderOf(record);
    },
  };
}

/**
 * Removes the locks of processes that are gone, and what they left half-done beside them; `run` is who does it. Throws
 * `state-unwritable`.
 */
export async function sweepLocks(directory: string, run: string): Promise<void> {
  const claimant = await recordFor(run, new Date().toISOString());
  await sweepFolder(join(directory, 'locks'), claimant, [claimSuffix, lockSuffix]);
}

async function sweepFolder(folder: string, claimant: LockRecord, suffixes: readonly string[]): Promise<void> {
  await sweepAside(folder);
  for (const name of await namesIn(folder)) {
    if (!suffixes.some((suffix) => name.endsWith(suffix))) continue;
    const path = join(folder, name);
    // One that cannot be understood stops whoever needs it, and nobody else.
    const record = await readLock(path).catch(() => undefined);
    if (record !== undefined && (await isGone(record))) await removeGone(path, record, claimant);
  }
}

async function recordFor(run: string, since: string): Promise<LockRecord> {
  return { id: randomUUID(), run, since, ...(await thisProcess()) };
}

function holderOf({ run, pid, host, since }: LockRecord): LockHolder {
  return { run, pid, host, since };
}
