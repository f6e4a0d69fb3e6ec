import { setTimeout as delay } from 'node:timers/promises';
import { askApi } from './api-client.ts';
import { Failure, failureOf, print } from './output.ts';

/** Whether `data` is a task that was started. */
export function isUpid(data: unknown): data is string {
  return typeof data === 'string' && data.startsWith('UPID:');
}

/**
 * On a node the worker runs in the foreground: its log lines appear as they come, and what fails it fails
 * the command. Rejects with a {@link Failure} of exit code 255; `WARNINGS` count as success.
 * Source: pve-common src/PVE/RESTEnvironment.pm `fork_worker` in synchronous (CLI) mode.
 */
export async function followTask(upid: string): Promise<void> {
  const path = `/nodes/${upid.split(':')[1] ?? ''}/tasks/${upid}`;
  let shown = 0;
  for (;;) {
    const status = await data<{ status: string; exitstatus?: string }>(`${path}/status`);
    const log = await data<readonly { t: string }[]>(`${path}/log`, { start: String(shown), limit: '0' });
    for (const { t: line } of log) {
      if (line === 'no content' || line.startsWith('TASK ')) continue;
      print(line);
      shown += 1;
    }
    if (status.exitstatus !== undefined) return judge(status.exitstatus);
    await delay(100);
  }
}

function judge(exitstatus: string): void {
  if (exitstatus === 'OK' || exitstatus.startsWith('WARNINGS')) return;
  throw new Failure(exitstatus);
}

async function data<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
  const answer = await askApi('get', path, parameters);
  if (answer.status !== 200) throw failureOf(answer);
  return answer.data as T;
}
