import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writePortableConfiguration } from '../../lab/configuration.ts';
import { runInside } from '../../lab/inside.ts';
import { checkout } from '../../lab/paths.ts';
import type { Stage } from './stage.ts';

/** Makes `dist` anew, as it is published; throws with what the build said. */
export function buildPackage(): void {
  const built = spawnSync(process.execPath, ['--no-warnings', join(checkout, 'scripts/build.ts')], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
}

/**
 * Makes a running Debian guest a machine that Truename runs on: Node and the built package in `/opt`, both on the PATH, a
 * configuration in `/etc/truename` that names no file outside of it, and the lab's key and known hosts as root's.
 */
export async function equipGuest({ lab: { paths } }: Pick<Stage, 'lab'>, vmid: number): Promise<void> {
  const root = join(paths.host(String(vmid)), 'root');
  const etc = join(root, 'etc/truename');
  for (const folder of ['opt/truename', 'etc/truename']) await mkdir(join(root, folder), { recursive: true });
  await mkdir(join(root, 'root/.ssh'), { recursive: true, mode: 0o700 });
  await copyFile(process.execPath, join(root, 'usr/local/bin/node'));
  await cp(join(checkout, 'dist'), join(root, 'opt/truename/dist'), { recursive: true });
  await copyFile(join(checkout, 'package.json'), join(root, 'opt/truename/package.json'));
  await symlink('/opt/truename/dist/cli/main.js', join(root, 'usr/local/bin/truename'));
  await copyFile(paths.key, join(root, 'root/.ssh/id_ed25519'));
  await copyFile(join(paths.root, 'controller/ssh/known_hosts'), join(root, 'root/.ssh/known_hosts'));
  await runInside(paths, String(vmid), 'chown -R root:root /root/.ssh; chmod 600 /root/.ssh/id_ed25519');
  await writePortableConfiguration(paths, etc);
}
