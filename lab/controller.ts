import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { addRoute, createNamespace, insideNetwork, type Namespace, plug } from './network.ts';
import { checkout, type LabPaths } from './paths.ts';
import { controllerAddress, labSegments, nodeHost } from './segments.ts';

/** The place from which people work: a host in `mgmt` that shares the machine's files and programs. */
export interface Controller {
  /** Its network, and the process that holds its mounts. */
  place(): Promise<{ readonly namespace: Namespace; readonly holder: string }>;
  /** Runs a program there with the lab's resolver, and the lab's key and known hosts as its user's. */
  run(program: readonly string[], options?: ControllerOptions): Promise<ControllerResult>;
  /** Starts a program there, whose output can be read as it comes, and which can be killed. */
  start(program: readonly string[], options?: Pick<ControllerOptions, 'cwd' | 'env'>): Promise<ChildProcess>;
}

/** How a program is run at the controller. */
export interface ControllerOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Show its output as it comes, on this process's stderr. */
  readonly show?: boolean;
  readonly signal?: AbortSignal;
}

/** How it ended. */
export interface ControllerResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * In a mount namespace of its own everybody there sees the lab's resolv.conf, and over /root a layer of the lab's
 * own with `.ssh` in it: OpenSSH takes the home folder from the password database, not from HOME. Nix gets a
 * store of the lab's own; the mount point /nix stays behind on the machine, empty. One process
 * holds the namespace, since a layer may be mounted once only (overlayfs, "upperdir is in use").
 */
const hold = `set -eu
mount --bind "$1/resolv.conf" /etc/resolv.conf
mount -t overlay truename-lab -o "lowerdir=/root,upperdir=$1/home,workdir=$1/home-work" /root
mount --bind "$1/ssh" /root/.ssh
mkdir -p /nix
mount --bind "$1/nix" /nix
echo ready
exec sleep infinity`;

const enter = `export HOME=/root
unset SSH_AUTH_SOCK
cd "$1"
shift
exec "$@"`;

/** Nix without a daemon or a build user, and the stand-in of what NixOS adds to it. */
const nixEnvironment = {
  NIX_CONFIG: 'sandbox = false\nbuild-users-group =\nsubstituters =\n',
  NIX_PATH: `nixpkgs=${join(checkout, 'lab/nix/nixpkgs')}`,
  NIX_REMOTE: '',
  PATH: `${join(checkout, 'lab/nix/bin')}:${process.env.PATH ?? ''}`,
};

/** Prepares the controller's namespaces and files. */
export async function prepareController(paths: LabPaths, at: Namespace): Promise<Controller> {
  const namespace = await createNamespace(paths.id, 'controller');
  const address = `${controllerAddress}/24`;
  await plug({ host: namespace, device: 'eth0', at, bridge: 'lan', port: 'controller', address });
  const { firewall } = labSegments[0] as (typeof labSegments)[0];
  await addRoute(namespace, 'default', firewall);
  const folder = join(paths.root, 'controller');
  for (const part of ['home/.ssh', 'home-work', 'ssh', 'nix'])
    await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'resolv.conf'), `nameserver ${firewall}\n`);
  await writeFile(join(folder, 'ssh/id_ed25519'), await readFile(paths.key), { mode: 0o600 });
  await holdMounts(namespace, folder);
  return controllerOf(paths, namespace);
}

async function holdMounts(namespace: Namespace, folder: string): Promise<void> {
  const isolate = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', hold, 'sh', folder];
  const holder = spawn('nsenter', [...insideNetwork(namespace), ...isolate], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const [ready] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit').then(() => [''])]);
  if (!String(ready).startsWith('ready')) throw new Error('the controller of the lab could not be prepared');
  holder.stdout.destroy();
  holder.unref();
  await writeFile(join(folder, 'holder'), String(holder.pid));
}

function controllerOf(paths: LabPaths, namespace: Namespace): Controller {
  const folder = join(paths.root, 'controller');
  const entering = async (program: readonly string[], cwd = folder) => {
    const holder = await holderOf(paths);
    return ['-t', holder, '--net', '--mount', '--', 'sh', '-c', enter, 'sh', cwd, ...program];
  };
  return {
    place: async () => ({ namespace, holder: await holderOf(paths) }),
    async run(program, options = {}) {
      const result = await execa('nsenter', await entering(program, options.cwd), {
        reject: false,
        ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
        ...(options.show === true ? { stderr: ['pipe', 'inherit'] as const } : {}),
        ...(options.signal === undefined ? {} : { cancelSignal: options.signal, gracefulCancel: false }),
        env: { ...nixEnvironment, ...options.env },
      });
      return { exitCode: result.exitCode ?? 255, stdout: result.stdout, stderr: String(result.stderr ?? '') };
    },
    async start(program, { cwd, env } = {}) {
      return spawn('nsenter', await entering(program, cwd), {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...nixEnvironment, ...env },
      });
    },
  };
}

/** The process that holds the controller's mounts: enter them by `nsenter -t PID --net --mount`. */
export function holderOf(paths: LabPaths): Promise<string> {
  return readFile(join(paths.root, 'controller/holder'), 'utf8');
}

/** Writes down the host keys of firewalls and node, as an administrator has them already. */
export async function knowHosts(paths: LabPaths): Promise<void> {
  const lines: string[] = [];
  const hosts = [
    { folder: 'node', names: `${nodeHost.name}.mgmt.internal,${nodeHost.address}` },
    ...labSegments.map((each) => ({
      folder: `fw-${each.name}`,
      names: `firewall.${each.domain},${each.firewall}`,
    })),
  ];
  for (const { folder, names } of hosts) {
    const key = await readFile(join(paths.host(folder), 'root/etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
    lines.push(`${names} ${key.split(' ').slice(0, 2).join(' ')}`);
  }
  await writeFile(join(paths.root, 'controller/ssh/known_hosts'), `${lines.join('\n')}\n`, { mode: 0o600 });
}
