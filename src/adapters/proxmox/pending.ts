import type { GuestSummary } from '../../domain/guest.ts';
import type { ProxmoxApi } from './client.ts';
import { read } from './read.ts';
import { pendingSchema } from './schema.ts';

/**
 * Keys of a guest's configuration whose change waits for a cold start (GET pending; pve-guest-common PVE/GuestHelpers.pm,
 * `config_with_pending_array`).
 */
export async function pendingChanges(
  api: ProxmoxApi,
  { ref, kind }: Pick<GuestSummary, 'ref' | 'kind'>,
  signal: AbortSignal,
): Promise<string[]> {
  const path = ['nodes', ref.node, kind === 'vm' ? 'qemu' : 'lxc', ref.vmid, 'pending'];
  const lines = read(pendingSchema, await api.get({ path, signal }), `what is pending of guest ${ref.vmid}`);
  return lines
    .filter((line) => line.pending !== undefined || line.delete)
    .map(({ key }) => key)
    .sort();
}
