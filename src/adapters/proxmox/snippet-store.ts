import { SourceError } from '../../domain/error.ts';
import type { SnippetStore } from '../../domain/guest-maker.ts';
import type { Shell } from '../../domain/ports.ts';
import { shown } from '../../lib/shown.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { adminPath } from './node-script.ts';
import { read } from './read.ts';
import { storagesSchema } from './schema.ts';
import { snippetVolume } from './snippet.ts';

/** For one small file, on however slow a storage. */
const timeoutMs = 30_000;

/** A file name that needs no quoting anywhere. */
const fileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Bytes of a text, which travels in an argument; the product takes 1 MiB. */
const textBound = 32 * 1024;

/** `$1`: the volume; `$2`: the text. A start in the same moment reads the old file or the new one, whole. */
const writeScript = `${adminPath}
set -e
file=$(pvesm path "$1")
folder=\${file%/*}
umask 022
mkdir -p "$folder"
temporary=$(mktemp "$folder/.truename.XXXXXX")
trap 'rm -f "$temporary"' EXIT
printf %s "$2" > "$temporary"
chmod 644 "$temporary"
mv "$temporary" "$file"
`;

/** `$1`: the volume. */
const removeScript = `${adminPath}
set -e
file=$(pvesm path "$1")
rm -f "$file"
`;

/**
 * Snippets, written by root on a node: the API takes none (pve-storage PVE/API2/Storage/Status.pm, `upload`). Of the storages
 * of the node that take some a shared one comes first, from which the VM can start on other nodes too.
 */
export function snippetStore(api: ProxmoxApi, nodeShell: (node: string) => Shell): SnippetStore {
  async function run(
    node: string,
    script: string,
    args: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const result = await nodeShell(node).run(script, { args, root: true, timeoutMs, signal });
    if (result.exitCode === 0) return;
    const why = shown(result.stderr) || `the script ended with ${result.exitCode}`;
    throw new SourceError('command-failed', proxmox, `${args[0]}: ${why}`, { where: node });
  }

  async function volume(node: string, file: string, signal: AbortSignal): Promise<string> {
    if (!fileName.test(file))
      throw new SourceError('unsupported', proxmox, `'${shown(file)}' cannot be made a snippet`);
    return `${await storageOf(api, node, signal)}:snippets/${file}`;
  }

  return {
    volume,
    async write(node, file, text, signal) {
      if (Buffer.byteLength(text) > textBound)
        throw new SourceError('unsupported', proxmox, `'${shown(file)}' cannot be made a snippet`);
      const target = await volume(node, file, signal);
      await run(node, writeScript, [target, text], signal);
      return target;
    },
    async remove(node, snippet, signal) {
      if (!snippetVolume.test(snippet))
        throw new SourceError('unsupported', proxmox, `'${shown(snippet)}' is no volume of snippets`);
      await run(node, removeScript, [snippet], signal);
    },
  };
}

async function storageOf(api: ProxmoxApi, node: string, signal: AbortSignal): Promise<string> {
  const params = { content: 'snippets', enabled: 1 };
  const answer = await api.get({ path: ['nodes', node, 'storage'], params, signal });
  const active = read(storagesSchema, answer, `the storages of ${node}`).filter((storage) => storage.active);
  const first = active.sort(
    (left, right) => Number(right.shared) - Number(left.shared) || (left.storage < right.storage ? -1 : 1),
  )[0];
  if (first !== undefined) return first.storage;
  throw new SourceError('unsupported', proxmox, `no storage of ${node} takes snippets`, {
    where: node,
    hint: 'Allow them on one: pvesm set local --content iso,vztmpl,backup,snippets (its other kinds of content included).',
  });
}
