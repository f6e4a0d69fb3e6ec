import { join } from 'node:path';
import { attempt, command } from './command.ts';
import { namespacesRoot } from './paths.ts';

/** A network namespace of a lab. */
export interface Namespace {
  /** As `ip netns` lists it: `tn-LAB-HOST`. */
  readonly name: string;
  readonly path: string;
}

/** The namespace of a host of the lab; nothing is created. */
export function namespaceOf(lab: string, host: string): Namespace {
  const name = `tn-${lab}-${host}`;
  return { name, path: join(namespacesRoot, name) };
}

/** Creates a namespace with its loopback up. */
export async function createNamespace(lab: string, host: string): Promise<Namespace> {
  const namespace = namespaceOf(lab, host);
  await command('ip', ['netns', 'add', namespace.name]);
  await command('ip', ['-n', namespace.name, 'link', 'set', 'lo', 'up']);
  return namespace;
}

/** Ends every process inside the namespace, then the namespace; what is gone already is no error. */
export async function removeNamespace(name: string): Promise<void> {
  await killInside(name);
  await attempt('ip', ['netns', 'delete', name]);
}

/** Ids of the processes whose network is this namespace. */
export async function processesInside(name: string): Promise<number[]> {
  const { stdout } = await attempt('ip', ['netns', 'pids', name]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

/** Kills a process; one that ended by itself meanwhile, perhaps since another one was killed, is no error. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function killInside(name: string): Promise<void> {
  for (const pid of await processesInside(name)) killProcess(pid);
}

/**
 * A bridge of the lab's node. Its MAC address stays: a bridge that was given none takes the lowest of its ports',
 * and the node would change its own with every guest that starts.
 */
export async function createBridge(at: Namespace, bridge: string, mac: string): Promise<void> {
  const kind = ['type', 'bridge', 'forward_delay', '0'];
  await command('ip', ['-n', at.name, 'link', 'add', bridge, 'address', mac, ...kind]);
  await command('ip', ['-n', at.name, 'link', 'set', bridge, 'up']);
}

/** How a host is plugged into a bridge. */
export interface Cable {
  readonly host: Namespace;
  readonly device: string;
  /** Absent: a random one. */
  readonly mac?: string;
  readonly at: Namespace;
  readonly bridge: string;
  /** Name of the bridge's end, 15 letters at most, unique at the node. */
  readonly port: string;
  /** With prefix length; absent: the host gets its address by DHCP. */
  readonly address?: string;
}

/** Plugs a host into a bridge by a pair of virtual Ethernet devices. */
export async function plug(cable: Cable): Promise<void> {
  const { host, device, at, port } = cable;
  const mac = cable.mac === undefined ? [] : ['address', cable.mac];
  await command('ip', [
    'link',
    'add',
    device,
    'netns',
    host.name,
    ...mac,
    'type',
    'veth',
    'peer',
    'name',
    port,
    'netns',
    at.name,
  ]);
  await command('ip', ['-n', at.name, 'link', 'set', port, 'master', cable.bridge, 'up']);
  if (cable.address !== undefined) await addAddress(host, device, cable.address);
  await command('ip', ['-n', host.name, 'link', 'set', device, 'up']);
}

/** Gives a device of a namespace an address with prefix length. */
export async function addAddress(host: Namespace, device: string, address: string): Promise<void> {
  await command('ip', ['-n', host.name, 'address', 'add', address, 'dev', device]);
}

/** A route in a namespace; `default` or a subnet. */
export async function addRoute(host: Namespace, destination: string, via: string): Promise<void> {
  await command('ip', ['-n', host.name, 'route', 'add', destination, 'via', via]);
}

/** Arguments of nsenter(1) that run a program in the network of a namespace, and in all else as the caller. */
export function insideNetwork(namespace: Namespace): string[] {
  return [`--net=${namespace.path}`, '--'];
}
