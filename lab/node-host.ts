import { spawn } from 'node:child_process';
import { copyFile, mkdir, open, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Container, startContainer } from './container.ts';
import { identify, type ProcessIdentity } from './lab-file.ts';
import { addAddress, addRoute, insideNetwork, type Namespace } from './network.ts';
import { mountOverlay } from './overlay.ts';
import { checkout, type LabPaths } from './paths.ts';
import { labSegments, nodeHost } from './segments.ts';

/** The Proxmox node of a lab: the facade's process, and a machine that one reaches by SSH. */
export interface NodeHost {
  readonly facade: ProcessIdentity;
  readonly container: Container;
}

/** Folder of the facade's socket, bound into the node's tree. */
export function facadeFolder(paths: LabPaths): string {
  return join(paths.root, 'facade');
}

/** Folder of the cluster's snippets, `local/snippets` in it; the node has it under the same path. */
export function snippetFolder(paths: LabPaths): string {
  return join(paths.root, 'snippets');
}

/** Starts the node in the namespace that holds the bridges: resolves when its facade answers. */
export async function startNodeHost(paths: LabPaths, tree: string, namespace: Namespace): Promise<NodeHost> {
  const { bridge, firewall } = labSegments[0] as (typeof labSegments)[0];
  await addAddress(namespace, bridge, `${nodeHost.address}/24`);
  await addRoute(namespace, 'default', firewall);
  await mkdir(facadeFolder(paths), { mode: 0o700 });
  await mkdir(snippetFolder(paths));
  const facade = await startFacade(paths, namespace);

  const folder = paths.host('node');
  await mkdir(folder, { recursive: true });
  const { root } = await mountOverlay(folder, [tree]);
  await copyFile(`${paths.key}.pub`, join(root, 'root/.ssh/authorized_keys'));
  await writeFile(join(root, 'etc/hostname'), `${nodeHost.name}\n`);
  await writeFile(join(root, 'opt/node'), '');
  await mkdir(join(root, 'opt/truename'), { recursive: true });
  const container = await startContainer({
    root,
    machine: namespace.name,
    namespace,
    hostname: nodeHost.name,
    program: ['/etc/rc.lab'],
    readOnly: [`${process.execPath}:/opt/node`, `${checkout}:/opt/truename`],
    writable: [`${facadeFolder(paths)}:/run/pve-facade`, `${snippetFolder(paths)}:${snippetFolder(paths)}`],
    logFile: paths.log('node'),
  });
  return { facade, container };
}

async function startFacade(paths: LabPaths, namespace: Namespace): Promise<ProcessIdentity> {
  const log = await open(paths.log('facade'), 'a', 0o600);
  const program = [process.execPath, '--no-warnings', join(import.meta.dirname, 'facade-main.ts'), paths.id];
  const child = spawn('nsenter', [...insideNetwork(namespace), ...program], {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  await log.close();
  child.unref();
  const identity = await identify(child.pid as number);
  if (identity === undefined) throw new Error(`the facade did not start; its log is ${paths.log('facade')}`);
  while (!(await listens(join(facadeFolder(paths), 'api.sock')))) {
    if (child.exitCode !== null)
      throw new Error(`the facade ended at once; its log is ${paths.log('facade')}`);
    await delay(25);
  }
  return identity;
}

function listens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
