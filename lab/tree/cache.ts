import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../command.ts';
import { mountOverlay, unmountOverlay } from '../overlay.ts';
import { checkout, treesRoot } from '../paths.ts';

/** Is told what is being built, a line each. */
export type Say = (line: string) => void;

/**
 * An archive of Debian packages and what they need, fetched once; returns its path. `extract`: only unpacked, nothing of it
 * is made ready to run (mmdebstrap(1), variants). `further`: arguments of mmdebstrap(1) beside.
 */
export async function debianArchive(
  name: string,
  suite: string,
  list: readonly string[],
  say: Say,
  variant: 'minbase' | 'extract' = 'minbase',
  further: readonly string[] = [],
): Promise<string> {
  const archive = join(treesRoot, `${name}-${digest([suite, ...list])}.tar`);
  if (await exists(archive)) return archive;
  say(`fetching ${list.length} Debian packages and what they need for the ${name} tree (${suite})`);
  await mkdir(treesRoot, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(treesRoot, 'making-'));
  const unfinished = join(scratch, 'tree.tar');
  await command('mmdebstrap', [
    '--quiet',
    `--variant=${variant}`,
    `--include=${list.join(',')}`,
    ...further,
    suite,
    unfinished,
  ]);
  await rename(unfinished, archive);
  await rm(scratch, { recursive: true });
  return archive;
}

/** What a cached folder is made from; a change of anything here makes a new one. */
export interface Recipe {
  readonly name: string;
  /** Paths of what it is made on top of, and other texts that go into it. */
  readonly from: readonly string[];
  /** Files and folders whose contents go into it. */
  readonly inputs: readonly string[];
  make(folder: string): Promise<void>;
}

/** A folder named after its inputs: made aside and renamed, so that two labs may make it at once. */
export async function derived({ name, from, inputs, make }: Recipe, say: Say): Promise<string> {
  const parts = [...from];
  for (const input of inputs) parts.push(...(await contents(input)));
  const final = join(treesRoot, `${name}-${digest(parts)}`);
  if (await exists(final)) return final;
  say(`preparing the ${name} tree`);
  const scratch = await mkdtemp(join(treesRoot, 'making-'));
  const folder = join(scratch, 'tree');
  await mkdir(folder);
  await make(folder);
  await rename(folder, final).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await rm(scratch, { recursive: true, force: true });
  return final;
}

/** The layers of a disk, uppermost first: what `change` does to a tree lies in a layer of its own over it. */
export async function layered(
  tree: string,
  { make: change, ...recipe }: Recipe,
  say: Say,
): Promise<readonly string[]> {
  const make = async (folder: string) => {
    const { root } = await mountOverlay(folder, [tree]);
    try {
      await change(root);
    } finally {
      await unmountOverlay(folder);
    }
  };
  const layer = await derived({ ...recipe, from: [tree, ...recipe.from], make }, say);
  return [join(layer, 'upper'), tree];
}

async function contents(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path.slice(checkout.length), await readFile(path, 'utf8')];
  const parts: string[] = [];
  for (const entry of (await readdir(path)).sort()) {
    if (!entry.endsWith('.test.ts')) parts.push(...(await contents(join(path, entry))));
  }
  return parts;
}

/** Whether there is something at a path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}
