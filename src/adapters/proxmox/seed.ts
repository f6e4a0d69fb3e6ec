import type { SeedText, SeedTexts } from '../../domain/cloud-init-seed.ts';
import { SourceError } from '../../domain/error.ts';
import type { GuestConfiguration } from '../../domain/guest.ts';
import type { Shell } from '../../domain/ports.ts';
import { shown } from '../../lib/shown.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { read } from './read.ts';
import { seedSchema } from './schema.ts';
import { readSnippet } from './snippet.ts';

/**
 * The user-data and meta-data that the next start writes on the guest's cloud-init drive: as the product generates
 * them, or the volume that `cicustom` puts in their place (qemu-server PVE/QemuServer/Cloudinit.pm). Throws
 * `not-found` without a cloud-init drive, and `unsupported` for a volume where the nodes cannot be entered. The
 * texts may hold secrets and are in no error.
 */
export async function readSeed(
  api: ProxmoxApi,
  nodeShell: ((node: string) => Shell) | undefined,
  { ref, cloudInit, customSeed = {} }: GuestConfiguration,
  signal: AbortSignal,
): Promise<SeedTexts> {
  if (!cloudInit) {
    throw new SourceError('not-found', proxmox, `guest ${ref.vmid} has no cloud-init drive`);
  }

  async function textOf(type: 'user' | 'meta'): Promise<SeedText> {
    const volume = customSeed[type];
    if (volume !== undefined) return custom(volume);
    const path = ['nodes', ref.node, 'qemu', ref.vmid, 'cloudinit', 'dump'];
    const source = `generated ${type}-data of ${ref.vmid}`;
    const text = read(seedSchema, await api.get({ path, params: { type }, signal }), `the ${source}`);
    return { text, custom: false, source };
  }

  async function custom(volume: string): Promise<SeedText> {
    if (nodeShell === undefined) throw unreadable(volume);
    const text = await readSnippet(nodeShell(ref.node), ref.node, volume, signal);
    return { text, custom: true, source: volume };
  }

  const [user, meta] = await Promise.all([textOf('user'), textOf('meta')]);
  return { user, meta };
}

/** The API gives no snippet to anyone (pve-storage PVE/API2/Storage/Content.pm). */
function unreadable(volume: string): SourceError {
  const message = `${shown(volume)} cannot be read: the API does not give out snippets`;
  return new SourceError('unsupported', proxmox, message, {
    hint: 'Configure the hypervisor with ssh in place of endpoints: a snippet is read on the node itself.',
  });
}
