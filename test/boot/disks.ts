import type { Say } from '../../lab/tree/cache.ts';
import type { Trees } from '../../lab/tree/trees.ts';
import { prepareDisk } from '../../lab/virtual-machine/disk.ts';

/** The disks that machines are cloned from. */
export type BootDisk = 'today' | 'networkd-today';

/** Makes a disk, or finds it made. */
export async function bootDisk(name: BootDisk, trees: Trees, modules: string, say: Say): Promise<string> {
  const tree = { today: 'ensure-profiles', 'networkd-today': 'debian13-networkd' } as const;
  return prepareDisk({ name, layers: trees.disk[tree[name]] }, modules, say);
}
