import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../lab/paths.ts';

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
