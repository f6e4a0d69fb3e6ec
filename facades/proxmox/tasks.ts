import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import { fullName, type Identity } from './identity.ts';
import { formatUpid } from './upid.ts';

/** What a worker can say while it runs. */
export interface Worker {
  log(line: string): void;
  /** A line that makes the task end as `WARNINGS: n`. */
  warn(text: string): void;
  /** Aborted when the façade closes. */
  readonly signal: AbortSignal;
}

/** A task, running or ended. */
export interface Task {
  readonly upid: string;
  readonly node: string;
  readonly pid: number;
  readonly pstart: number;
  readonly starttime: number;
  readonly type: string;
  readonly id: string;
  readonly owner: Identity;
  readonly log: readonly string[];
  /** Undefined while it runs. */
  readonly exitstatus: string | undefined;
  /** Resolves when it has ended, however it ended. */
  readonly ended: Promise<void>;
}

/** What to run, for whom. `work` ends the task as an error by throwing; its message is the exit status. */
export interface TaskRequest {
  readonly node: string;
  readonly type: string;
  readonly id: string;
  readonly owner: Identity;
  readonly work: (worker: Worker) => Promise<void>;
}

/** The task table of the cluster. */
export interface Tasks {
  /** Starts the work and returns its UPID at once. */
  run(request: TaskRequest): string;
  find(upid: string): Task | undefined;
  /** A process id that no task and no machine had before. */
  nextPid(): number;
  /** Aborted when the façade closes. */
  readonly signal: AbortSignal;
  /** Aborts the signal of all workers and waits until they have ended. */
  close(): Promise<void>;
}

/** Creates an empty task table; `faults.task` may spoil what runs in it. */
export function createTasks(clock: Clock, faults: Faults): Tasks {
  const tasks = new Map<string, Task>();
  const closing = new AbortController();
  const bootedAt = clock.now() - 3_600_000;
  let lastPid = 4096;

  function nextPid(): number {
    lastPid += 1;
    return lastPid;
  }

  function run(request: TaskRequest): string {
    const now = clock.now();
    const stamp = {
      pid: nextPid(),
      pstart: Math.floor((now - bootedAt) / 10),
      starttime: Math.floor(now / 1000),
    };
    const { node, type, id, owner } = request;
    const upid = formatUpid({ node, type, id, user: fullName(owner), ...stamp });
    const log: string[] = [];
    const state = { exitstatus: undefined as string | undefined };
    const ended = Promise.resolve().then(async () => {
      state.exitstatus = await perform(request, log, closing.signal, faults);
      log.push(lastLine(state.exitstatus));
    });
    const task: Task = {
      upid,
      node,
      type,
      id,
      owner,
      ...stamp,
      log,
      ended,
      get exitstatus() {
        return state.exitstatus;
      },
    };
    tasks.set(upid, task);
    return upid;
  }

  return {
    run,
    find: (upid) => tasks.get(upid),
    nextPid,
    signal: closing.signal,
    close: async () => {
      closing.abort();
      await Promise.all([...tasks.values()].map((task) => task.ended));
    },
  };
}

async function perform(
  request: TaskRequest,
  log: string[],
  signal: AbortSignal,
  faults: Faults,
): Promise<string> {
  let warnings = 0;
  const warn = (text: string) => {
    warnings += 1;
    log.push(`WARN: ${text}`);
  };
  try {
    const fault = faults.task?.(request.type, request.id);
    if (fault?.error !== undefined) throw new Error(fault.error);
    await request.work({ log: (line) => log.push(line), warn, signal });
    for (const text of fault?.warnings ?? []) warn(text);
    return warnings === 0 ? 'OK' : `WARNINGS: ${warnings}`;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return text.trim().replaceAll(/\s*\n\s*/g, ' ') || 'unexpected status';
  }
}

/** Source: pve-common src/PVE/RESTEnvironment.pm `fork_worker`. */
function lastLine(exitstatus: string): string {
  if (exitstatus === 'OK' || exitstatus.startsWith('WARNINGS: ')) return `TASK ${exitstatus}`;
  return `TASK ERROR: ${exitstatus}`;
}
