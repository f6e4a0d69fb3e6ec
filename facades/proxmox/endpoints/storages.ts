import { type Call, flag, text } from '../call.ts';
import { may } from '../permission.ts';
import { splitList } from '../schema/formats.ts';
import type { StorageState } from '../state.ts';

/**
 * GET ~/storage: those of a node whose space the caller may look at or take, that hold one of the kinds of content.
 * Source: pve-storage PVE/API2/Storage/Status.pm `index`.
 */
export function storages(call: Call): unknown {
  const { cluster, identity, node } = call;
  const [wanted, only] = [splitList(text(call, 'content') ?? ''), text(call, 'storage')];
  const visible = cluster.state.storages.filter((storage) => {
    const holds = wanted.length === 0 || wanted.some((kind) => contentOf(storage).includes(kind));
    const here = storage.nodes?.includes(node) !== false && (only === undefined || storage.id === only);
    const on = flag(call, 'enabled') !== true || storage.enabled !== false;
    const path = `/storage/${storage.id}`;
    return holds && here && on && may(identity, path, ['Datastore.Audit', 'Datastore.AllocateSpace'], true);
  });
  return visible.map((storage) => ({
    storage: storage.id,
    type: storage.type,
    content: contentOf(storage).join(','),
    enabled: storage.enabled === false ? 0 : 1,
    active: storage.enabled === false ? 0 : 1,
    shared: storage.shared === true ? 1 : 0,
    ...{ total: 0, used: 0, avail: 0 },
  }));
}

/** Only files can be snippets: pve-storage Storage/DirPlugin.pm `plugindata`. */
function contentOf({ type, content }: StorageState): readonly string[] {
  const kinds = content ?? ['images', 'snippets'];
  return type === 'dir' ? kinds : kinds.filter((kind) => kind !== 'snippets');
}
