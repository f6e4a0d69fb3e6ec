import { SourceError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { Hostname } from '../../domain/name.ts';
import { type ProxmoxApi, proxmox } from './client.ts';

/**
 * Gives a VM another name; needs VM.Config.Options (qemu-server PVE/API2/Qemu.pm, `$generaloptions`). What runs is not
 * told: the generated cloud-init data carries the new name at the next cold start. A container's name is its host name,
 * which Proxmox VE writes into it at its next start, so that is left to the person.
 */
export async function renameGuest(
  api: ProxmoxApi,
  { ref, kind }: Pick<GuestSummary, 'ref' | 'kind'>,
  name: Hostname,
  signal: AbortSignal,
): Promise<void> {
  if (kind === 'container') {
    throw new SourceError('unsupported', proxmox, `container ${ref.vmid} was not renamed`, {
      hint: `On ${ref.node}: pct set ${ref.vmid} --hostname ${name}`,
    });
  }
  await api.put({ path: ['nodes', ref.node, 'qemu', ref.vmid, 'config'], params: { name }, signal });
}
