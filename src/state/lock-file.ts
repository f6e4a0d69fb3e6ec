import { randomUUID } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LockHolder } from '../domain/journal.ts';
import { removeQuietly, writeAside } from './aside.ts';
import { isGone, type ProcessIdentity } from './process-identity.ts';
import { codeOf, notAsWritten, otherSchema, parseObject, readStateFile, stateProblem } from './state-file.ts';

/** Version of the files; one of another version is left alone. */
const schema = 1;

/** What a lock file says. */
export interface LockRecord extends LockHolder, ProcessIdentity {
  /** A uuid, of this one taking of the lock. */
  readonly id: string;
}

/** Puts the lock file there, whole; false when there is one already. Throws `state-unwritable`. */
export async function createLock(path: string, record: LockRecord): Promise<boolean> {
  let aside: string | undefined;
  try {
    aside = await writeAside(dirname(path), `${JSON.stringify({ schema, ...record })}\n`);
    // link(2) fails where the name is taken, and the name never stands for half a file.
    await link(aside, path);
    return true;
  } catch (error) {
    if (aside !== undefined && codeOf(error) === 'EEXIST') return false;
    throw stateProblem(path, error);
  } finally {
    if (aside !== undefined) await removeQuietly(aside);
  }
}

/** Undefined when there is no lock. Throws `state-unwritable` when the file cannot be understood. */
export async function readLock(path: string): Promise<LockRecord | undefined> {
  const text = await readStateFile(path);
  if (text === undefined) return undefined;
  const value = parseObject(text) ?? {};
  const other = otherSchema(path, value.schema, schema);
  if (other !== undefined) throw other;
  const { id, run, pid, host, since, start, boot } = value;
  const whole =
    typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id) && Number.isSafeInteger(pid) && Number(pid) > 0;
  if (!whole || typeof run !== 'string' || typeof host !== 'string' || typeof since !== 'string') {
    throw notAsWritten(path, 'Delete the file when no run is under way.');
  }
  return {
    ...{ id, run, pid: Number(pid), host, since },
    ...(typeof start === 'string' ? { start } : {}),
    ...(typeof boot === 'string' ? { boot } : {}),
  };
}

/** Removes the lock where it is this very one. Throws `state-unwritable`. */
export async function removeOwn(path: string, { id }: LockRecord): Promise<void> {
  if ((await readLock(path))?.id !== id) return;
  await rm(path, { force: true }).catch((error: unknown) => {
    throw stateProblem(path, error);
  });
}

/** Time for another process that removes the same lock at this moment. */
const claimMs = 5;

/** Claims on claims that are followed: one for each process that was killed in the middle of this. */
const deepest = 8;

/**
 * Removes the lock of a process that is gone. Several may try at once, and one of them may have looked long ago: only
 * the one that holds the claim on this very taking of the lock may remove it, and looks again before it does. The lock
 * that somebody else took since is another taking, and stays. A claim is a lock itself, and a dead one goes the same
 * way. The caller tries again whatever came of it.
 */
export async function removeGone(
  path: string,
  gone: LockRecord,
  claimant: LockRecord,
  depth = 0,
): Promise<void> {
  const claim = join(dirname(path), `${gone.id}${claimSuffix}`);
  const own = { ...claimant, id: randomUUID() };
  if (await createLock(claim, own)) {
    try {
      await removeOwn(path, gone);
    } finally {
      await removeOwn(claim, own);
    }
    return;
  }
  const other = await readLock(claim);
  if (other === undefined) return;
  if (depth < deepest && (await isGone(other))) await removeGone(claim, other, claimant, depth + 1);
  else await delay(claimMs);
}

/** After the id of the lock that is claimed. */
export const claimSuffix = '.claim';
