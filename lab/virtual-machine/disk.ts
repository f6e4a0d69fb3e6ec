import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../command.ts';
import { mountOverlay, unmountOverlay } from '../overlay.ts';
import { checkout } from '../paths.ts';
import { derived, type Say } from '../tree/cache.ts';

/** What a disk is made of. */
export interface DiskRecipe {
  readonly name: string;
  /** The tree of a guest, uppermost layer first. */
  readonly layers: readonly string[];
  /** What is changed in the tree before it becomes a disk, and the files and folders that this reads. */
  readonly change?: { readonly inputs: readonly string[]; make(root: string): Promise<void> };
}

const prepare = join(checkout, 'lab', 'virtual-machine', 'prepare-disk.sh');

/** Room for the tree, and for what a machine writes in its few minutes. */
const size = '1400M';

/** The disk of a template, as a file that clones are made over; made once for the same tree and change. */
export async function prepareDisk(
  { name, layers, change }: DiskRecipe,
  files: string,
  say: Say,
): Promise<string> {
  const make = async (folder: string) => {
    const scratch = await mkdtemp(`${folder}-`);
    const { root } = await mountOverlay(scratch, layers);
    try {
      await command(prepare, [root, files]);
      await change?.make(root);
      const raw = join(folder, 'disk.raw');
      // Nothing of a disk outlives its test: a journal would only cost time.
      const features = ['-O', '^has_journal', '-E', 'lazy_itable_init=1'];
      await command('mke2fs', ['-q', '-t', 'ext4', ...features, '-L', 'root', '-d', root, raw, size]);
    } finally {
      await unmountOverlay(scratch);
      await rm(scratch, { recursive: true, force: true });
    }
  };
  const inputs = [prepare, ...(change?.inputs ?? [])];
  const folder = await derived({ name: `disk-${name}`, from: [...layers, files], inputs, make }, say);
  return join(folder, 'disk.raw');
}

/** A clone of a template's disk or of a clone: what it writes is its own, the disk below stays as it is. */
export async function cloneDisk(disk: string, clone: string): Promise<void> {
  const format = disk.endsWith('.raw') ? 'raw' : 'qcow2';
  await command('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', disk, '-F', format, clone]);
}
