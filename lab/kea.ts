import { once } from 'node:events';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { command } from './command.ts';
import { type Container, startContainer } from './container.ts';
import { createNamespace, type Namespace, plug, processesInside } from './network.ts';
import { mountOverlay } from './overlay.ts';
import type { LabPaths } from './paths.ts';

/** A machine with a real Kea that serves one subnet, and that one reaches by SSH as root. */
export interface KeaHost {
  readonly namespace: Namespace;
  readonly container: Container;
  /** Root of its tree, as the machine sees it. */
  readonly root: string;
}

/** Where a Kea is put, and what it serves. */
export interface KeaOptions {
  /** Name of its host in the lab; 8 letters at most. */
  readonly name: string;
  readonly at: Namespace;
  readonly bridge: string;
  readonly address: string;
  /** A /24. */
  readonly subnet: string;
  readonly firstLease: string;
  readonly lastLease: string;
  /** More of `Dhcp4`. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Where Debian's packages have what Kea is started with. */
export const keaFile = '/etc/kea/kea-dhcp4.conf';

const socket = '/run/kea/kea4-ctrl-socket';

/** User and password of the control agent. */
export const keaLogin = { user: 'truename', password: 'kea-lab-password' } as const;

/** Port of the control agent. */
export const keaPort = 8000;

/** Starts a Kea at a bridge, whose file is as Kea itself writes it. */
export async function startKea(paths: LabPaths, tree: string, options: KeaOptions): Promise<KeaHost> {
  const { name, at, bridge, address } = options;
  const namespace = await createNamespace(paths.id, name);
  await plug({ host: namespace, device: 'eth0', at, bridge, port: `${name}0`, address: `${address}/24` });
  const folder = paths.host(name);
  await mkdir(folder, { recursive: true });
  const { root } = await mountOverlay(folder, [tree]);
  await allowKey(paths, root);
  await writeFile(join(root, keaFile), JSON.stringify({ Dhcp4: configurationOf(options) }));
  await writeFile(join(root, 'etc/kea/lab-agent.conf'), JSON.stringify(agent));
  const container = await startContainer({
    root,
    machine: namespace.name,
    namespace,
    hostname: 'kea',
    program: ['/usr/local/sbin/rc.lab'],
    logFile: paths.log(name),
  });
  const host = { namespace, container, root };
  await answering(host, paths.log(name));
  await askKea(host, { command: 'config-write' });
  return host;
}

/** Asks the DHCPv4 daemon by its control socket, past everything that is to be tested. */
export async function askKea(
  { container }: Pick<KeaHost, 'container'>,
  asked: Readonly<Record<string, unknown>>,
): Promise<{ result: number; text?: string; arguments?: Record<string, unknown> }> {
  const leader = await container.leader();
  const connection = connect(`/proc/${leader}/root${socket}`);
  await once(connection, 'connect');
  connection.write(JSON.stringify(asked));
  return JSON.parse(await text(connection));
}

/** Stops the daemon in its tracks, or lets it go on. */
export async function freezeKea({ namespace }: KeaHost, frozen: boolean): Promise<void> {
  await signalKea(namespace, frozen ? 'SIGSTOP' : 'SIGCONT');
}

/** Whether the daemon is there, frozen or not. */
export async function keaRuns({ namespace }: Pick<KeaHost, 'namespace'>): Promise<boolean> {
  return (await keaProcesses(namespace)).length > 0;
}

/** Starts the daemon and looks at nothing, as keactrl(8) does: whether it takes its configuration, it finds out by itself. */
export async function startKeaDaemon({ container }: Pick<KeaHost, 'container'>): Promise<void> {
  const leader = String(await container.leader());
  const start = `kea-dhcp4 -c ${keaFile} </dev/null >>/var/log/kea/lab.log 2>&1 &`;
  await command('nsenter', ['-t', leader, '-a', '/bin/sh', '-c', start]);
}

/** Ends the daemon; resolves when it is gone. */
export async function stopKea({ namespace }: Pick<KeaHost, 'namespace'>): Promise<void> {
  await signalKea(namespace, 'SIGTERM');
  while ((await keaProcesses(namespace)).length > 0) await delay(20);
}

async function signalKea(namespace: Namespace, signal: NodeJS.Signals): Promise<void> {
  for (const pid of await keaProcesses(namespace)) process.kill(pid, signal);
}

async function keaProcesses({ name }: Namespace): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await processesInside(name)) {
    const comm = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (comm.trim() === 'kea-dhcp4') found.push(pid);
  }
  return found;
}

async function answering(host: KeaHost, log: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    if ((await askKea(host, { command: 'version-get' }).catch(() => undefined))?.result === 0) return;
    await delay(50);
  }
  throw new Error(`Kea does not answer: ${await readFile(log, 'utf8').catch(() => 'no log')}`);
}

function configurationOf({ subnet, firstLease, lastLease, more }: KeaOptions) {
  return {
    'interfaces-config': { interfaces: ['eth0'] },
    'control-socket': { 'socket-type': 'unix', 'socket-name': socket },
    'lease-database': { type: 'memfile', persist: true, 'lfc-interval': 0 },
    'hooks-libraries': [{ library: '/usr/lib/x86_64-linux-gnu/kea/hooks/libdhcp_lease_cmds.so' }],
    'valid-lifetime': 3600,
    subnet4: [{ id: 7, subnet, pools: [{ pool: `${firstLease} - ${lastLease}` }] }],
    loggers: [{ name: 'kea-dhcp4', output_options: [{ output: 'stdout' }], severity: 'INFO' }],
    ...more,
  };
}

const agent = {
  'Control-agent': {
    'http-host': '0.0.0.0',
    'http-port': keaPort,
    authentication: { type: 'basic', realm: 'kea', clients: [keaLogin] },
    'control-sockets': { dhcp4: { 'socket-type': 'unix', 'socket-name': socket } },
  },
};

/** A bench that nobody reaches by ssh has no key. */
async function allowKey(paths: LabPaths, root: string): Promise<void> {
  await copyFile(`${paths.key}.pub`, join(root, 'root/.ssh/authorized_keys')).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    },
  );
}
