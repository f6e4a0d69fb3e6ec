import { SourceError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { ProxmoxApi } from './client.ts';
import { powerOf } from './guest-list.ts';
import { read } from './read.ts';
import { statusSchema } from './schema.ts';

/** A guest's power at this moment; undefined where the node that it names does not know the guest (any more). */
export async function powerNow(
  api: ProxmoxApi,
  { ref, kind }: Pick<GuestSummary, 'ref' | 'kind'>,
  signal: AbortSignal,
): Promise<GuestSummary['power'] | undefined> {
  const path = ['nodes', ref.node, kind === 'vm' ? 'qemu' : 'lxc', ref.vmid, 'status', 'current'];
  try {
    const answer = await api.get({ path, signal });
    const { status, qmpstatus } = read(statusSchema, answer, `the state of guest ${ref.vmid}`);
    return powerOf(qmpstatus ?? status);
  } catch (error) {
    if (error instanceof SourceError && error.code === 'command-failed') return undefined;
    throw error;
  }
}
