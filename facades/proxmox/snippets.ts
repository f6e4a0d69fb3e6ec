import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import type { ClusterState, StorageState } from './state.ts';

/**
 * Writes every snippet of the directory storages to `folder/STORAGE/snippets/FILE`, replacing what is there.
 * Resolves when all are written. Source of the layout below a storage: pve-storage Storage/Plugin.pm `$vtype_subdirs`.
 */
export async function writeSnippets(folder: string, state: ClusterState): Promise<void> {
  for (const { id, type, snippets = {} } of state.storages) {
    if (type !== 'dir') continue;
    const target = join(folder, id, 'snippets');
    await mkdir(target, { recursive: true });
    for (const [file, text] of Object.entries(snippets)) await writeFile(join(target, file), text);
  }
}

/** The text of a snippet as it is now; undefined when the storage has none of this name. */
export function readSnippet(cluster: Cluster, storage: StorageState, file: string): string | undefined {
  if (cluster.snippetFolder === undefined) return storage.snippets?.[file];
  if (file.includes('/')) return undefined;
  try {
    return readFileSync(join(cluster.snippetFolder, storage.id, 'snippets', file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
