import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, command } from './command.ts';

/** A writable root over read-only layers (the kernel's overlayfs). */
export interface Overlay {
  /** The mount point. */
  readonly root: string;
  /** What was written over the layers. */
  readonly upper: string;
}

/** Creates the folders and mounts the overlay; the first layer is the uppermost. */
export async function mountOverlay(folder: string, layers: readonly string[]): Promise<Overlay> {
  const [root, upper, work] = ['root', 'upper', 'work'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const part of [root, upper, work]) await mkdir(part, { recursive: true });
  const options = `lowerdir=${layers.join(':')},upperdir=${upper},workdir=${work}`;
  await command('mount', ['-t', 'overlay', 'truename-lab', '-o', options, root]);
  return { root, upper };
}

/** Unmounts an overlay; one that is not mounted is no error. */
export async function unmountOverlay(folder: string): Promise<void> {
  await attempt('umount', ['--lazy', join(folder, 'root')]);
}
