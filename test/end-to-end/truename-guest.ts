import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writePortableConfiguration } from '../../lab/configuration.ts';
import { runInside } from '../../lab/inside.ts';
import { checkout } from '../../lab/paths.ts';
import type { Stage } from './stage.ts';

/** Builds the package into a folder as it is published, `dist` and the files beside it; throws with what the build said. */
export async function buildPackage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const build = ['--no-warnings', join(checkout, 'scripts/build.ts'), join(folder, 'dist')];
  const built = spawnSync(process.execPath, build, { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
  const manifest = await readFile(join(checkout, 'package.json'), 'utf8');
  const { files } = JSON.parse(manifest) as { files: string[] };
  for (const name of ['package.json', ...files.filter((each) => each !== 'dist')])
    await cp(join(checkout, name), join(folder, name), { recursive: true });
}

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
