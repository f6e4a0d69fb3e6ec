import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { makeControlGroups } from './control-group.ts';
import type { Namespace } from './network.ts';

/** How a tree is started by systemd-nspawn(1). */
export interface ContainerOptions {
  readonly root: string;
  /** Unique on the machine. */
  readonly machine: string;
  readonly namespace: Namespace;
  /** Kernel name before PID 1 sets its own. */
  readonly hostname: string;
  /** Absent: boots the tree's systemd. */
  readonly program?: readonly string[];
  /** `SOURCE:TARGET`. */
  readonly readOnly?: readonly string[];
  readonly writable?: readonly string[];
  readonly logFile: string;
}

/** A running tree. */
export interface Container {
  /** systemd-nspawn itself. */
  readonly pid: number;
  /** Its PID 1 as the machine sees it (another one after a reboot from inside); enter it by `nsenter -t LEADER -a`. */
  readonly leader: () => Promise<number | undefined>;
  /** Resolves when the container has ended and its tree may be started again. */
  readonly ended: Promise<void>;
}

/** Starts a tree; resolves as soon as its PID 1 runs. The recipe is explained in lab/README.md. */
export async function startContainer(options: ContainerOptions): Promise<Container> {
  const log = await open(options.logFile, 'a', 0o600);
  const groups = await makeControlGroups(options.machine);
  const child = spawn(
    'sh',
    ['-c', joinGroups, 'sh', groups.join(' '), 'systemd-nspawn', ...nspawnArguments(options)],
    {
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      env: { PATH: process.env.PATH, SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network' },
    },
  );
  const ended = once(child, 'exit').then(() => undefined);
  await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))]);
  await log.close();
  child.unref();
  const pid = child.pid as number;
  const container = { pid, ended, leader: () => leaderOf(pid) };
  await running(container, options);
  return container;
}

/** Enters the control groups, whose paths hold no spaces, and becomes the program. */
const joinGroups = 'for group in $1; do echo $$ >"$group/cgroup.procs"; done; shift; exec "$@"';

function nspawnArguments(options: ContainerOptions): string[] {
  return [
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--console=pipe',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    `--directory=${options.root}`,
    `--machine=${options.machine}`,
    `--hostname=${options.hostname}`,
    `--network-namespace-path=${options.namespace.path}`,
    '--capability=CAP_NET_ADMIN,CAP_NET_RAW',
    ...(options.readOnly ?? []).map((bind) => `--bind-ro=${bind}`),
    ...(options.writable ?? []).map((bind) => `--bind=${bind}`),
    ...(options.program === undefined ? ['--boot'] : ['--as-pid2', '--', ...options.program]),
  ];
}

async function running(container: Container, options: ContainerOptions): Promise<void> {
  let over = false;
  void container.ended.then(() => {
    over = true;
  });
  while ((await container.leader()) === undefined) {
    if (over) throw new Error(`${options.machine} ended at once; its log is ${options.logFile}`);
    await delay(20);
  }
}

/** The helper that sets a container up is in the machine's process namespace; its PID 1 is in its own. */
async function leaderOf(pid: number): Promise<number | undefined> {
  for (const child of await childrenOf(pid)) {
    if (await isInit(child)) return child;
  }
  return undefined;
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text
    .split(' ')
    .filter((part) => part !== '')
    .map(Number);
}

/** Proc's `NSpid` lists a process's id in each nested namespace (proc_pid_status(5)). */
async function isInit(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const ids = /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
  return ids.length > 1 && ids.at(-1) === '1';
}

/** Asks the container's systemd to power off; false when it has not within the time. */
export async function powerOff(container: Container, timeoutMs: number): Promise<boolean> {
  signal(container.pid, 'SIGTERM');
  return Promise.race([container.ended.then(() => true), delay(timeoutMs).then(() => false)]);
}

/** Ends the container at once, as pulling the plug does. */
export async function pullPlug(container: Container): Promise<void> {
  const leader = await container.leader();
  if (leader !== undefined) signal(leader, 'SIGKILL');
  await container.ended;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
