import { SourceError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
import { shown } from '../../lib/shown.ts';
import { proxmox } from './client.ts';
import { adminPath } from './node-script.ts';

/** Bytes that the product takes of a snippet (qemu-server PVE/QemuServer/Cloudinit.pm, `read_cloudinit_snippets_file`). */
const snippetBound = 1024 * 1024;

/** For one snippet, on however slow a storage. */
const timeoutMs = 30_000;

/** A storage's id and a snippet's name (pve-storage PVE/Storage/Plugin.pm, `parse_volname`; pve-common `pve-storage-id`). */
export const snippetVolume = /^[a-z][a-z0-9\-_.]*[a-z0-9]:snippets\/(?!\.{1,2}$)[^/\p{Cc}]{1,255}$/iu;

/** Ways in which the node's script ends before it reads. */
const endings = { noPvesm: 97, noPath: 98, noFile: 99 } as const;

/** `$1`: the volume; `$2`: bytes to read. */
const script = `${adminPath}
command -v pvesm >/dev/null || exit ${endings.noPvesm}
file=$(pvesm path "$1") || exit ${endings.noPath}
test -f "$file" || exit ${endings.noFile}
exec head -c "$2" -- "$file"
`;

/**
 * The text of a snippet, read by root on a node. Throws `not-found` where there is none, and never says anything
 * of the text.
 */
export async function readSnippet(
  shell: Shell,
  node: string,
  volume: string,
  signal: AbortSignal,
): Promise<string> {
  const where = node;
  if (!snippetVolume.test(volume)) {
    throw new SourceError('bad-response', proxmox, `'${shown(volume)}' is no volume of snippets`, { where });
  }
  const args = [volume, String(snippetBound + 1)];
  const result = await shell.run(script, { args, root: true, timeoutMs, signal });
  if (result.exitCode === endings.noPvesm) {
    throw new SourceError('program-missing', proxmox, 'pvesm is not installed there', { where });
  }
  if (result.exitCode === endings.noFile) {
    throw new SourceError('not-found', proxmox, `${volume} does not exist on ${node}`, {
      where,
      hint: 'The next start of the guest would fail. Put the file there, or take it out of cicustom.',
    });
  }
  if (result.exitCode !== 0) {
    const why = shown(result.stderr) || `the script ended with ${result.exitCode}`;
    throw new SourceError('command-failed', proxmox, `${volume} cannot be read: ${why}`, { where });
  }
  if (Buffer.byteLength(result.stdout) > snippetBound) {
    throw new SourceError('unsupported', proxmox, `${volume} is longer than 1 MiB`, { where });
  }
  return result.stdout;
}
