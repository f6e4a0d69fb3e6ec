import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { codeOf } from './state-file.ts';

/** A process, told apart from a later one with the same number. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Clock ticks since boot at which it started (proc(5), field 22 of stat); absent without /proc. */
  readonly start?: string;
  /** The boot in which it ran (random(4), boot_id); absent without /proc. */
  readonly boot?: string;
}

/** This process. */
export async function thisProcess(): Promise<ProcessIdentity> {
  const [start, boot] = await Promise.all([startOf(process.pid), readBoot()]);
  return {
    host: hostname(),
    pid: process.pid,
    ...(start === undefined ? {} : { start }),
    ...(boot === undefined ? {} : { boot }),
  };
}

/**
 * Whether it is certain that the process runs no more. Of another host nothing is certain. False in doubt: what a
 * process holds is only taken from it when it cannot come back.
 */
export async function isGone(other: ProcessIdentity): Promise<boolean> {
  const here = await thisProcess();
  if (other.host !== here.host) return false;
  if (other.boot !== undefined && here.boot !== undefined && other.boot !== here.boot) return true;
  if (!exists(other.pid)) return true;
  const start = await startOf(other.pid);
  return start !== undefined && other.start !== undefined && start !== other.start;
}

function exists(pid: number): boolean {
  try {
    // kill(2): signal 0 only looks. Another user's process is there, and says EPERM.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** Undefined where it cannot be told; `dead` for a process that ended and that nobody has waited for. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the program's name in parentheses, and may hold spaces and parentheses itself.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  return state === 'Z' || state === 'X' ? 'dead' : fields?.[19];
}

async function readBoot(): Promise<string | undefined> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => undefined);
  return text?.trim();
}
