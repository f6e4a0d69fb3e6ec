import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command } from '../command.ts';
import { checkout } from '../paths.ts';
import { debianArchive, derived, exists, layered, type Say } from './cache.ts';
import { type DebianRelease, debianReleases, guestPackages, hostPackages, suite } from './packages.ts';
import { configurationsOf, type ProfileShape, profileShapes, staleKeyfile } from './shapes.ts';
import { type DebianSystemName, debianSystemNames, debianSystems } from './systems.ts';

/** What a guest's disk is a copy of. */
export type DiskName = ProfileShape | DebianSystemName;

/** The cached trees, each a read-only root for overlays. */
export interface Trees {
  /** Layers of each disk, uppermost first. */
  readonly disk: Readonly<Record<DiskName, readonly string[]>>;
  readonly firewall: string;
  readonly node: string;
}

const here = join(checkout, 'lab', 'tree');

/** Builds what is missing (about two minutes from nothing, under 100 ms when all is there) and says so. */
export async function prepareTrees(say: Say): Promise<Trees> {
  const [{ firewall, node }, shaped, ...plain] = await Promise.all([
    hostTrees(say),
    shapedDisks(say),
    plainDisks('debian12', say),
    plainDisks('debian13', say),
  ]);
  return { disk: Object.fromEntries([...shaped, ...plain.flat()]) as Trees['disk'], firewall, node };
}

/** A disk by its name. */
type Disk = readonly [DiskName, readonly string[]];

async function hostTrees(say: Say): Promise<Pick<Trees, 'firewall' | 'node'>> {
  const archive = await debianArchive('host', suite, hostPackages, say);
  return {
    firewall: await prepared('firewall', archive, 'prepare-firewall.sh', [], say),
    node: await prepared('node', archive, 'prepare-node.sh', [], say),
  };
}

/** The NixOS-shaped disks. */
async function shapedDisks(say: Say): Promise<Disk[]> {
  const archive = await debianArchive('guest', suite, guestPackages, say);
  const tree = await prepared('guest', archive, 'prepare-guest.sh', ['guest'], say);
  const disks: Disk[] = [];
  for (const shape of profileShapes) {
    const inputs = [join(checkout, 'lab', 'nix'), join(here, 'shapes.ts')];
    const make = (root: string) => installNix(root, shape);
    disks.push([shape, await layered(tree, { name: `template-${shape}`, from: [], inputs, make }, say)]);
  }
  return disks;
}

/** The plain disks of one release. */
async function plainDisks(release: DebianRelease, say: Say): Promise<Disk[]> {
  const { suite: its, packages } = debianReleases[release];
  const archive = await debianArchive(release, its, packages, say);
  const tree = await prepared(release, archive, 'prepare-debian.sh', ['guest', 'debian/common'], say);
  const disks: Disk[] = [];
  for (const name of debianSystemNames.filter((each) => debianSystems[each].release === release)) {
    const lists = [debianSystems[name].without.join(' '), debianSystems[name].enabled.join(' ')];
    const script = join(here, 'prepare-system.sh');
    const files = join(here, 'debian', name);
    const inputs = (await exists(files)) ? [script, files] : [script];
    const make = async (root: string) => void (await command(script, [root, name, ...lists]));
    disks.push([name, await layered(tree, { name, from: lists, inputs, make }, say)]);
  }
  return disks;
}

/** A tree out of an archive, made ready by a script beside this file that also reads other files there. */
async function prepared(
  name: string,
  archive: string,
  script: string,
  reads: readonly string[],
  say: Say,
): Promise<string> {
  const file = join(here, script);
  const make = async (tree: string) => {
    await command('tar', ['--extract', '--file', archive, '--directory', tree, '--exclude=./dev/*']);
    await command(file, [tree]);
  };
  return derived(
    { name, from: [archive], inputs: [file, ...reads.map((each) => join(here, each))], make },
    say,
  );
}

async function installNix(root: string, shape: ProfileShape): Promise<void> {
  const nix = join(checkout, 'lab', 'nix');
  const configurations = configurationsOf[shape].map((name) => join(nix, 'template', name));
  await command(join(nix, 'install-into-tree.sh'), [root, ...configurations]);
  if (shape !== 'stale-keyfile') return;
  const keyfile = join(root, 'etc/NetworkManager/system-connections/ethernet.nmconnection');
  await mkdir(dirname(keyfile), { recursive: true });
  await writeFile(keyfile, staleKeyfile, { mode: 0o600 });
}
