import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { TruenameError } from '../../domain/error.ts';
import { hardwareFile } from './hardware.ts';
import { nixPaths } from './nix-paths.ts';

/** A file of a configuration. */
export interface ConfigurationFile {
  /** Below the configuration's folder, with slashes. */
  readonly path: string;
  readonly content: Buffer;
  /** Its owner may run it; Nix keeps this of a file, and nothing else of its mode. */
  readonly executable: boolean;
}

/** A configuration with all that its text leads to inside its folder. */
export interface ConfigurationFiles {
  /** The configuration itself first; a flake has none before its `flake.nix`. */
  readonly files: readonly ConfigurationFile[];
  /** Absolute paths that its Nix texts name, which are those of the machine that evaluates. */
  readonly absolute: readonly string[];
  readonly bytes: number;
}

/** More than any configuration of text; whoever has so much has dragged something else in. */
const bound = 50 * 1024 * 1024;

/** Folders and files that never leave this machine: what git, tools and people keep secrets in. */
const secret =
  /^(?:\.git|\.git-credentials|\.hg|\.svn|\.env(?:rc|\..*)?|\.netrc|\.npmrc|\.pgpass|\.aws|\.kube|\.docker|\.ssh|\.gnupg|\.password-store|\..*_history|\.direnv|node_modules|id_[^.]+|.*\.(?:pem|key|p12|pfx|kdbx|jks))$/i;

/** Of a folder that is taken whole, what is hidden stays: a text that wants it must name it. */
const hidden = /^\./;

/**
 * Reads a configuration and the files beside it that its text leads to: relative paths that it writes out, and those
 * that the Nix files found so write out, folders whole. Throws `configuration-invalid` for a path that leads out of
 * the folder, by itself or by a link, for a secret that it asks for, and for more than 50 MB; `usage` where the
 * configuration cannot be read.
 */
export async function readConfigurationFiles(file: string): Promise<ConfigurationFiles> {
  await mustBeFile(file);
  return collect(dirname(resolve(file)), [basename(file)]);
}

/** The same for a flake: its folder whole, without secrets and results of builds. */
export async function readFlakeFiles(folder: string): Promise<ConfigurationFiles> {
  await mustBeFile(join(folder, 'flake.nix'));
  return collect(resolve(folder), ['flake.nix', '.']);
}

async function mustBeFile(path: string): Promise<void> {
  const found = await stat(path).catch((error) => {
    throw new TruenameError('usage', `there is no readable configuration ${path}`, {
      hint: 'Name the NixOS configuration of the VM as the fourth argument.',
      cause: error,
    });
  });
  if (found.isFile()) return;
  throw new TruenameError('usage', `${path} is no file${found.isDirectory() ? ' but a folder' : ''}`, {
    hint: found.isDirectory()
      ? `Name the file in it; or, where it holds a flake, give --flake ${path}#NAME.`
      : 'Name the NixOS configuration of the VM as the fourth argument.',
  });
}

interface Collecting {
  /** Real path of the configuration's folder. */
  readonly root: string;
  readonly files: Map<string, ConfigurationFile>;
  readonly absolute: Set<string>;
  bytes: number;
}

async function collect(folder: string, paths: readonly string[]): Promise<ConfigurationFiles> {
  const work: Collecting = { root: await realpath(folder), files: new Map(), absolute: new Set(), bytes: 0 };
  for (const path of paths) await add(work, join(folder, path), { asked: true });
  return { files: [...work.files.values()], absolute: [...work.absolute], bytes: work.bytes };
}

/** Adds a file or a folder; what a folder holds by the way may be passed over, what a text asks for may not. */
async function add(work: Collecting, path: string, { asked }: { readonly asked: boolean }): Promise<void> {
  const real = await realpath(path).catch(() => undefined);
  // A path that is not there may be one that the text looks for first: evaluation says what it needs.
  if (real === undefined) return;
  const inside = relative(work.root, real);
  if (inside === '..' || inside.startsWith(`..${sep}`))
    return refuse(asked, path, 'leads out of the folder of the configuration');
  if (inside.split(sep).some((name) => secret.test(name)))
    return refuse(asked, path, 'may hold a secret, and does not leave this machine');
  const found = await lstat(real);
  if (found.isDirectory()) return addFolder(work, real);
  if (!found.isFile()) return;
  if (real === hardwareFile)
    return refuse(true, real, 'is the hardware of this machine, and would become the guest’s');
  if (work.bytes + found.size > bound) tooMuch(work, inside, found.size);
  await addFile(work, real, inside.split(sep).join('/'), (found.mode & 0o100) !== 0);
}

/** What is hidden in it stays, and so does a link, such as `result` of a build, that nobody asked for. */
async function addFolder(work: Collecting, folder: string): Promise<void> {
  for (const name of (await readFolder(folder)).sort()) {
    const path = join(folder, name);
    if (!hidden.test(name) && !(await lstat(path)).isSymbolicLink()) await add(work, path, { asked: false });
  }
}

async function readFolder(path: string): Promise<string[]> {
  return readdir(path).catch((error) => {
    throw new TruenameError('usage', `${path} cannot be read`, {
      cause: error,
      hint: 'Let this user read it.',
    });
  });
}

function refuse(asked: boolean, path: string, why: string): void {
  if (!asked) return;
  throw new TruenameError('configuration-invalid', `${path} ${why}`, {
    where: path,
    hint: 'Put what the configuration reads beside it or below; nothing was sent anywhere.',
  });
}

async function addFile(work: Collecting, real: string, path: string, executable: boolean): Promise<void> {
  if (work.files.has(path)) return;
  const content = await readFile(real).catch((error) => {
    throw new TruenameError('usage', `${real} cannot be read`, {
      cause: error,
      hint: 'Let this user read it.',
    });
  });
  work.files.set(path, { path, content, executable });
  work.bytes += content.length;
  if (!path.endsWith('.nix')) return;
  const { relative: next, absolute } = nixPaths(content.toString('utf8'));
  for (const each of absolute) work.absolute.add(each);
  for (const each of next) await add(work, join(dirname(real), each), { asked: true });
}

function tooMuch({ files }: Collecting, path: string, size: number): never {
  const all = [...files.values()].map((each) => ({ path: each.path, size: each.content.length }));
  const [biggest] = [...all, { path, size }].sort((left, right) => right.size - left.size);
  throw new TruenameError(
    'configuration-invalid',
    'the configuration and what it reads are more than 50 MB',
    {
      where: biggest?.path ?? '',
      hint: 'This file is the biggest. A configuration takes such things from a store or a server.',
    },
  );
}
