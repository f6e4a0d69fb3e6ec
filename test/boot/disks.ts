import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../lab/command.ts';
import { checkout } from '../../lab/paths.ts';
import type { Say } from '../../lab/tree/cache.ts';
import type { DiskName, Trees } from '../../lab/tree/trees.ts';
import { type DiskRecipe, prepareDisk } from '../../lab/virtual-machine/disk.ts';
import { newerHostnamed } from '../../lab/virtual-machine/newer-hostnamed.ts';

/** The disks that machines are cloned from. */
export type BootDisk = keyof typeof disks;

interface Recipe {
  /** The tree below. */
  readonly tree: DiskName;
  /** The first program: that of NixOS's system profile, or the distribution's. */
  readonly init: string;
  readonly change?: DiskRecipe['change'];
  /** hostnamed is that of a systemd that knows `SYSTEMD_ETC_HOSTNAME`. */
  readonly hostnamed?: 'newer';
}

const here = join(checkout, 'test', 'boot', 'configurations');
const guest = join(checkout, 'nix', 'guest');
const self = join(checkout, 'test', 'boot', 'disks.ts');
const nix = join(checkout, 'lab', 'nix');

const systemProfile = '/nix/var/nix/profiles/system/init';

/**
 * An emulated processor, half of one where two machines run, is many times slower than any that the limits of the units are
 * meant for. This folder stands before all others (systemd.unit(5)).
 */
async function stretchLimits(root: string): Promise<void> {
  const folder = join(root, 'etc/systemd/system.control/truename-hostname.service.d');
  await mkdir(folder, { recursive: true });
  const lines = ['[Service]', 'TimeoutStartSec=300', 'Environment=TRUENAME_SEARCH_SECONDS=240', ''];
  await writeFile(join(folder, 'emulated.conf'), lines.join('\n'));
}

/** A further generation of a NixOS-shaped tree, built by the real Nix out of a configuration with the module in it. */
function withModule(tree: DiskName, ...configurations: readonly [string, ...string[]]): Recipe {
  const files = configurations.map((name) => join(here, name));
  const make = async (root: string) => {
    await cp(guest, join(root, 'etc/nixos/truename'), { recursive: true });
    await command(join(nix, 'install-into-tree.sh'), [root, ...files]);
    await stretchLimits(root);
  };
  return { tree, init: systemProfile, change: { inputs: [guest, nix, here, self], make } };
}

/** A plain system with the units in it. */
function withUnits(tree: DiskName): Recipe {
  const make = async (root: string) => {
    await command('sh', [join(guest, 'install.sh'), '--root', root]);
    await stretchLimits(root);
  };
  return { tree, init: '/sbin/init', change: { inputs: [guest, self], make } };
}

const disks = {
  today: { tree: 'ensure-profiles', init: systemProfile },
  module: withModule('ensure-profiles', 'module.nix'),
  'release-26.05': {
    ...withModule('ensure-profiles', 'release-26.05.nix', 'module.nix'),
    hostnamed: 'newer',
  },
  'stale-keyfile': withModule('stale-keyfile', 'stale-keyfile.nix'),
  declared: withModule('ensure-profiles', 'declared.nix'),
  networkd: withUnits('debian13-networkd'),
  dhcpcd: withUnits('debian13-dhcpcd'),
} as const satisfies Readonly<Record<string, Recipe>>;

/** The first program of a disk's machines. */
export function initOf(name: BootDisk): string {
  return disks[name].init;
}

/** Makes a disk, or finds it made. */
export async function bootDisk(name: BootDisk, trees: Trees, files: string, say: Say): Promise<string> {
  const { tree, change, hostnamed }: Recipe = disks[name];
  const over = hostnamed === undefined ? [] : [await newerHostnamed(say)];
  const layers = [...over, ...trees.disk[tree]];
  return prepareDisk({ name, layers, ...(change === undefined ? {} : { change }) }, files, say);
}
