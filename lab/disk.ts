import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command.ts';
import type { LabPaths } from './paths.ts';

/** What a guest starts from. */
export interface Disk {
  /** Layers of the template's disk, uppermost first. */
  readonly layers: readonly string[];
  /** Kernel name until PID 1 has read /etc/hostname: the fallback that the distribution's systemd has built in. */
  readonly fallbackName: string;
}

/** The folder of a guest's disk, seed and firmware. */
export function guestFolder(paths: LabPaths, vmid: number): string {
  return paths.host(String(vmid));
}

/**
 * A disk with what `source` has on its own now. `linked`: it stands on that, which must not change any more, as a base
 * volume does not; `full`: it has a copy of it, read while the guest may run, as of a disk without a snapshot.
 */
export async function copyDisk(
  paths: LabPaths,
  source: number,
  target: number,
  disk: Disk,
  how: 'full' | 'linked',
): Promise<Disk> {
  const folder = guestFolder(paths, target);
  await mkdir(folder, { recursive: true });
  const own = join(guestFolder(paths, source), 'upper');
  if (!(await isFolder(own))) return disk;
  if (how === 'linked') return { ...disk, layers: [own, ...disk.layers] };
  // Extended attributes are the overlay's own marks of what was removed or replaced (overlayfs, "whiteouts and opaque directories").
  await command('cp', ['-a', '--', own, join(folder, 'upper')]);
  return disk;
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
