import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writePortableConfiguration } from '../../lab/configuration.ts';
import { runInside } from '../../lab/inside.ts';
import { buildPackage } from '../set-up/package.ts';
import type { Stage } from './stage.ts';

/**
 * Makes a running Debian guest a machine that Truename runs on: Node and the built package on the PATH, a configuration
 * in `/etc/truename` that names no file outside of it, and the lab's key and known hosts as root's.
 */
export async function equipGuest({ lab: { paths } }: Pick<Stage, 'lab'>, vmid: number): Promise<void> {
  const root = join(paths.host(String(vmid)), 'root');
  const etc = join(root, 'etc/truename');
  await mkdir(etc, { recursive: true });
  await mkdir(join(root, 'root/.ssh'), { recursive: true, mode: 0o700 });
  await copyFile(process.execPath, join(root, 'usr/local/bin/node'));
  await buildPackage(join(root, 'opt/truename'));
  await symlink('/opt/truename/dist/cli/main.js', join(root, 'usr/local/bin/truename'));
  await copyFile(paths.key, join(root, 'root/.ssh/id_ed25519'));
  await copyFile(join(paths.root, 'controller/ssh/known_hosts'), join(root, 'root/.ssh/known_hosts'));
  await runInside(paths, String(vmid), 'chown -R root:root /root/.ssh; chmod 600 /root/.ssh/id_ed25519');
  await writePortableConfiguration(paths, etc);
}
