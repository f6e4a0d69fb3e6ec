import { SourceError } from '../../domain/error.ts';
import { shown } from '../../lib/shown.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { read } from './read.ts';
import { taskLogSchema, taskStatusSchema, upidSchema } from './schema.ts';
import { poll, type Waiting } from './waiting.ts';

/** Lines of a failed task's log that its error shows. */
const shownLines = 5;

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
): Promise<void> {
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
  if (end === 'OK' || /^WARNINGS: \d+$/.test(end)) return;
  const log = await endOfLog(api, [...path, 'log'], signal);
  throw new SourceError('command-failed', proxmox, `${what} failed: ${shown(end)}${log}`, {
    where: path[1] ?? proxmox,
    hint: `The whole log is under the task ${upid} of the node.`,
  });
}

/** Only an addition to an error, so a log that cannot be read is left out. */
async function endOfLog(api: ProxmoxApi, path: string[], signal: AbortSignal): Promise<string> {
  try {
    const lines = read(taskLogSchema, await api.get({ path, params: { limit: 500 }, signal }), 'the log');
    const told = lines.map((line) => shown(line.t)).filter((line) => line !== '');
    return told.length === 0 ? '' : ` (log: ${told.slice(-shownLines).join(' | ')})`;
  } catch {
    return '';
  }
}
