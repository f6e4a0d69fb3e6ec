import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { died } from './problem.ts';
import type { StorageState } from './state.ts';

/** How each storage refuses a volume name that is not its own. Source: pve-storage Storage/*Plugin.pm `parse_volname`. */
const unparsable: Readonly<Record<StorageState['type'], string>> = {
  dir: 'directory',
  lvmthin: 'lvm',
  zfspool: 'zfs',
  rbd: 'rbd',
};

/**
 * The file behind `STORAGE:snippets/FILE`, as the node sees it. Whether it exists is not looked at: neither does
 * `pvesm path`. Only snippets have a path here. Source: pve-storage Storage.pm `path`.
 */
export function volumePath(cluster: Cluster, volume: string): string {
  const at = volume.indexOf(':');
  const [storageId, name] = [volume.slice(0, at), volume.slice(at + 1)];
  const storage = cluster.state.storages.find(({ id }) => id === storageId);
  if (storage === undefined) throw died(`storage '${storageId}' does not exist`);
  const file = /^snippets\/([^/]+)$/.exec(name)?.[1];
  if (file === undefined || storage.type !== 'dir')
    throw died(`unable to parse ${unparsable[storage.type]} volume name '${name}'`);
  if (cluster.snippetFolderOnNode === undefined) throw died('storage definition has no path');
  return join(cluster.snippetFolderOnNode, storage.id, 'snippets', file);
}
