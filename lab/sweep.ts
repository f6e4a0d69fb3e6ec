import { readdir, rm } from 'node:fs/promises';
import { attempt } from './command.ts';
import { removeControlGroups } from './control-group.ts';
import { lives, readLabFile } from './lab-file.ts';
import { removeNamespace } from './network.ts';
import { labPaths, labsRoot, namespacesRoot } from './paths.ts';

/** Removes labs whose owner is gone: their processes, namespaces, mounts and files. Returns their ids. */
export async function sweepDeadLabs(): Promise<string[]> {
  const swept: string[] = [];
  for (const id of await listLabs()) {
    const file = await readLabFile(labPaths(id));
    if (file !== undefined && (await lives(file.owner))) continue;
    await removeLab(id);
    swept.push(id);
  }
  return swept;
}

/** Ids of all labs that left a trace on the machine, living or not. */
export async function listLabs(): Promise<string[]> {
  return readdir(labsRoot).catch(() => []);
}

/** Removes one lab whole. Only what bears the lab's id is touched. */
export async function removeLab(id: string): Promise<void> {
  const prefix = `tn-${id}-`;
  const namespaces = await readdir(namespacesRoot).catch(() => []);
  for (const name of namespaces.filter((each) => each.startsWith(prefix))) await removeNamespace(name);
  await removeControlGroups(prefix);
  const { root } = labPaths(id);
  for (const mount of await mountsBelow(root)) await attempt('umount', ['--lazy', mount]);
  await rm(root, { recursive: true, force: true });
}

async function mountsBelow(root: string): Promise<string[]> {
  const { stdout } = await attempt('findmnt', ['--noheadings', '--list', '--output', 'TARGET']);
  return stdout
    .split('\n')
    .filter((target) => target.startsWith(`${root}/`))
    .sort()
    .reverse();
}
