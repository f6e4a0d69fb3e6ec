import { access, constants, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runTool } from '../run-tool.ts';
import { root } from '../set-up/project.mjs';
import { type Outcome, single } from './outcome.ts';

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
}

/** Builds and packs, unpacks the tarball elsewhere, and runs it there on the production dependencies alone. */
export async function packageGroup(): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), 'truename-package-'));
  try {
    return single(true, await tryPackage(directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Paths, as in a lockfile, of the packages that an installed Truename would have at the top of node_modules. */
export function productionPackages(packages: Readonly<Record<string, { readonly dev?: boolean }>>): string[] {
  return Object.entries(packages)
    .filter(([path, entry]) => entry.dev !== true && /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path))
    .map(([path]) => path);
}

async function tryPackage(directory: string): Promise<string> {
  await must([process.execPath, join(root, 'scripts/build.ts')]);
  await must(['npm', 'pack', '--silent', `--pack-destination=${directory}`]);
  const manifest = await readJson<Manifest>(join(root, 'package.json'));
  await must(['tar', '-xzf', join(directory, `truename-${manifest.version}.tgz`), '-C', directory]);
  const unpacked = join(directory, 'package');
  await linkDependencies(directory);
  for (const file of Object.values(manifest.bin)) await access(join(unpacked, file), constants.X_OK);
  const version = await must(
    [process.execPath, join(unpacked, manifest.bin.truename ?? ''), '--version'],
    unpacked,
  );
  if (version.trim() !== manifest.version) {
    throw new Error(
      `truename --version printed "${version.trim()}", and package.json says ${manifest.version}.`,
    );
  }
  return version;
}

async function linkDependencies(directory: string): Promise<void> {
  const lockfile = await readJson<{ packages: Record<string, { dev?: boolean }> }>(
    join(root, 'package-lock.json'),
  );
  for (const path of productionPackages(lockfile.packages)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await symlink(join(root, path), join(directory, path));
  }
}

async function must(command: readonly [string, ...string[]], cwd?: string): Promise<string> {
  const result = await runTool(command, cwd);
  if (result.exitCode !== 0) throw new Error(`${command.join(' ')} failed:\n${result.output}`);
  return result.stdout;
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}
