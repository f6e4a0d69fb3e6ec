import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command } from '../command.ts';
import { mountOverlay, unmountOverlay } from '../overlay.ts';
import { checkout, treesRoot } from '../paths.ts';
import { guestPackages, hostPackages, suite } from './packages.ts';
import { configurationsOf, type ProfileShape, profileShapes, staleKeyfile } from './shapes.ts';

/** The cached trees, each a read-only root for overlays. */
export interface Trees {
  /** Layers of a template, uppermost first. */
  readonly template: Readonly<Record<ProfileShape, readonly string[]>>;
  readonly firewall: string;
  readonly node: string;
}

/** Builds what is missing (about a minute from nothing, under 50 ms when all is there) and says so. */
export async function prepareTrees(say: (line: string) => void): Promise<Trees> {
  const [guest, host] = [
    await packages('guest', guestPackages, say),
    await packages('host', hostPackages, say),
  ];
  const here = join(checkout, 'lab', 'tree');
  const firewall = await derived('firewall', [host], [join(here, 'prepare-firewall.sh')], say, (tree) =>
    unpackAnd(host, tree, join(here, 'prepare-firewall.sh')),
  );
  const node = await derived('node', [host], [join(here, 'prepare-node.sh')], say, (tree) =>
    unpackAnd(host, tree, join(here, 'prepare-node.sh')),
  );
  const debian = await derived(
    'guest',
    [guest],
    [join(here, 'prepare-guest.sh'), join(here, 'guest')],
    say,
    (tree) => unpackAnd(guest, tree, join(here, 'prepare-guest.sh')),
  );
  const template: Partial<Record<ProfileShape, readonly string[]>> = {};
  for (const shape of profileShapes) {
    const inputs = [join(checkout, 'lab', 'nix'), join(here, 'shapes.ts')];
    const layer = await derived(`template-${shape}`, [debian], inputs, say, (folder) =>
      templateLayer(debian, folder, shape),
    );
    template[shape] = [join(layer, 'upper'), debian];
  }
  return { template: template as Trees['template'], firewall, node };
}

async function packages(name: string, list: readonly string[], say: (line: string) => void): Promise<string> {
  const key = digest([suite, ...list]);
  const archive = join(treesRoot, `${name}-${key}.tar`);
  if (await exists(archive)) return archive;
  say(`fetching ${list.length} Debian packages and what they need for the ${name} tree (${suite})`);
  await mkdir(treesRoot, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(treesRoot, 'making-'));
  const unfinished = join(scratch, 'tree.tar');
  await command('mmdebstrap', [
    '--quiet',
    '--variant=minbase',
    `--include=${list.join(',')}`,
    suite,
    unfinished,
  ]);
  await rename(unfinished, archive);
  await rm(scratch, { recursive: true });
  return archive;
}

/** A folder named after its inputs: made aside and renamed, so that two labs may make it at once. */
async function derived(
  name: string,
  upstream: readonly string[],
  inputs: readonly string[],
  say: (line: string) => void,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const parts = [...upstream];
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

async function unpackAnd(archive: string, tree: string, script: string): Promise<void> {
  await command('tar', ['--extract', '--file', archive, '--directory', tree, '--exclude=./dev/*']);
  await command(script, [tree]);
}

async function templateLayer(debian: string, folder: string, shape: ProfileShape): Promise<void> {
  const { root } = await mountOverlay(folder, [debian]);
  try {
    const nix = join(checkout, 'lab', 'nix');
    const configurations = configurationsOf[shape].map((name) => join(nix, 'template', name));
    await command(join(nix, 'install-into-tree.sh'), [root, ...configurations]);
    if (shape === 'stale-keyfile') {
      const keyfile = join(root, 'etc/NetworkManager/system-connections/ethernet.nmconnection');
      await mkdir(dirname(keyfile), { recursive: true });
      await writeFile(keyfile, staleKeyfile, { mode: 0o600 });
    }
  } finally {
    await unmountOverlay(folder);
  }
}

async function contents(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path.slice(checkout.length), await readFile(path, 'utf8')];
  const parts: string[] = [];
  for (const entry of (await readdir(path)).sort()) {
    if (!entry.endsWith('.test.ts')) parts.push(...(await contents(join(path, entry))));
  }
  return parts;
}

async function exists(path: string): Promise<boolean> {
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
