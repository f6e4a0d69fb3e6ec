import { SourceError } from '../../domain/error.ts';
import { shown } from '../../lib/shown.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { read } from './read.ts';
import { taskLogSchema, taskStatusSchema, upidSchema } from './schema.ts';
import { endOf, warningsIn } from './task-log.ts';
import { poll, type Waiting } from './waiting.ts';

/** How a task ended well. */
export interface TaskEnd {
  /** What its log warns of; more than none where it ended as `WARNINGS: n`. */
  readonly warnings: readonly string[];
}

/** Lines of a log that are read: those of a copy tell its progress, one line for each percent and disk. */
const readLines = 5000;

/**
 * Follows a task, given as the answer that started it, to its end; `WARNINGS: n` is a success, any
 * other end but `OK` throws `command-failed` with the end of the task's log. The node asked is the
 * one in the task's id (pve-common PVE/UPID.pm).
 */
export async function followTask(
  api: ProxmoxApi,
  answer: unknown,
  what: string,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<TaskEnd> {
  const upid = read(upidSchema, answer, `the task of ${what}`);
  const path = ['nodes', upid.split(':')[1] ?? '', 'tasks', upid];
  const end = await poll(
    async () => {
      const task = read(taskStatusSchema, await api.get({ path: [...path, 'status'], signal }), 'the task');
      return task.status === 'stopped' ? (task.exitstatus ?? 'unknown end') : undefined;
    },
    what,
    waiting,
    signal,
  );
  if (end === 'OK') return { warnings: [] };
  const log = await readLog(api, [...path, 'log'], signal);
  if (/^WARNINGS: \d+$/.test(end)) return { warnings: warningsIn(log) };
  throw new SourceError('command-failed', proxmox, `${what} failed: ${shown(end)}${endOf(log)}`, {
    where: path[1] ?? proxmox,
    hint: `The whole log is under the task ${upid} of the node.`,
  });
}

/** Only an addition to an end that is known, so a log that cannot be read is left out. */
async function readLog(api: ProxmoxApi, path: string[], signal: AbortSignal): Promise<string[]> {
  try {
    const answer = await api.get({ path, params: { limit: readLines }, signal });
    return read(taskLogSchema, answer, 'the log').map((line) => line.t);
  } catch {
    return [];
  }
}
