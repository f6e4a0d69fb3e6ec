import { mkdir, readdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Hierarchies in which a container's systemd keeps its units (cgroups(7)): the machine's only one, or on an
 * older layout systemd's own and the second version's beside it.
 */
const hierarchies = ['/sys/fs/cgroup', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'];

/** The folder below each hierarchy that holds the groups of all labs. */
const parent = 'truename-lab';

/**
 * Makes a control group for one container in every hierarchy. Containers that shared one would share the groups
 * of equally named units too: when a unit ends in one guest its systemd removes the folder, and in another the
 * same unit then fails to start (`Failed to spawn executor`).
 */
export async function makeControlGroups(machine: string): Promise<string[]> {
  const folders: string[] = [];
  for (const hierarchy of await present()) {
    const folder = join(hierarchy, parent, machine);
    await mkdir(folder, { recursive: true });
    folders.push(folder);
  }
  return folders;
}

/** Removes the groups of every container whose name begins so; groups with living processes stay. */
export async function removeControlGroups(prefix: string): Promise<void> {
  for (const hierarchy of await present()) {
    const all = await readdir(join(hierarchy, parent)).catch(() => []);
    for (const name of all.filter((each) => each.startsWith(prefix)))
      await removeTree(join(hierarchy, parent, name));
  }
}

async function present(): Promise<string[]> {
  const found: string[] = [];
  for (const hierarchy of hierarchies) {
    const procs = await stat(join(hierarchy, 'cgroup.procs')).catch(() => undefined);
    if (procs !== undefined) found.push(hierarchy);
  }
  return found;
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isDirectory()))
    await removeTree(join(folder, entry.name));
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    // A process that was just killed leaves its group a moment later; the next start clears it.
    if (error.code !== 'EBUSY' && error.code !== 'ENOENT') throw error;
  });
}
