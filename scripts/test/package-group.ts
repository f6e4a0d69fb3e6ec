import { access, chmod, constants, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
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
  return `${version.trim()}, ${await playDemo(directory, join(unpacked, manifest.bin.truename ?? ''))}`;
}

/** The usual number of `nobody`, who may write nowhere. */
const nobody = 65_534;

/**
 * Runs a program of Node as `nobody` where this is root, with a home folder that is not there: the Node of this run may lie
 * where nobody else may look, so that it is somebody else once it runs.
 */
const asNobody = `
if (process.getuid?.() === 0) {
  process.setgroups([]);
  process.setgid(${nobody});
  process.setuid(${nobody});
}
process.env.HOME = '/nonexistent';
const [program] = process.argv.splice(1, 1);
process.argv.splice(1, 0, 'truename');
await import(program);`;

/** Plays the demo from the package as somebody who is not root; throws unless every guest of it is proven. */
async function playDemo(directory: string, program: string): Promise<string> {
  await chmod(directory, 0o755);
  const node = [process.execPath, '--input-type=module', '--eval', asNobody] as const;
  const report = JSON.parse(await must([...node, program, 'demo', '--json'], '/')) as {
    readonly world: string;
    readonly proved: number;
    readonly total: number;
  };
  const { world, proved, total } = report;
  if (world !== 'sim' || proved !== 6 || total !== 6)
    throw new Error(`truename demo proved ${proved} of ${total} guests of the world ${world}.`);
  return 'demo proved';
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
