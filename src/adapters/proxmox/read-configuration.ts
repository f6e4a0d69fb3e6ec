import { SourceError } from '../../domain/error.ts';
import type { GuestConfiguration, GuestSummary } from '../../domain/guest.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { configurationIn } from './configuration.ts';

/** What a kind of guest is called. */
const words = { vm: 'VM', container: 'container' } as const;

/** Asks for a guest's configuration; `find` looks it up in the list, to say why there is none. */
export async function readConfiguration(
  api: ProxmoxApi,
  guest: Pick<GuestSummary, 'ref' | 'kind'>,
  find: () => Promise<GuestSummary | undefined>,
  signal: AbortSignal,
): Promise<GuestConfiguration> {
  return configurationIn(await readLines(api, guest, find, signal), guest);
}

/** The same as the product answers it. */
export async function readLines(
  api: ProxmoxApi,
  guest: Pick<GuestSummary, 'ref' | 'kind'>,
  find: () => Promise<GuestSummary | undefined>,
  signal: AbortSignal,
): Promise<unknown> {
  const { ref, kind } = guest;
  const path = ['nodes', ref.node, kind === 'vm' ? 'qemu' : 'lxc', ref.vmid, 'config'];
  return api.get({ path, signal }).catch(async (error: unknown) => {
    throw await whyNone(error, guest, find);
  });
}

/** The product refuses with the same status whatever the reason, so the list of guests is asked. */
async function whyNone(
  error: unknown,
  { ref, kind }: Pick<GuestSummary, 'ref' | 'kind'>,
  find: () => Promise<GuestSummary | undefined>,
): Promise<unknown> {
  if (!(error instanceof SourceError) || error.code !== 'command-failed') return error;
  const guest = await find();
  const what = `${words[kind]} ${ref.vmid}`;
  const details = { cause: error };
  if (guest === undefined) {
    return new SourceError('not-found', proxmox, `there is no ${what} on the cluster`, details);
  }
  if (guest.kind !== kind) {
    const message = `${ref.vmid} is a ${words[guest.kind]}, not a ${words[kind]}`;
    return new SourceError('unsupported', proxmox, message, details);
  }
  if (guest.ref.node === ref.node) return error;
  const message = `${what} is not on node ${ref.node} but on ${guest.ref.node}`;
  return new SourceError('not-found', proxmox, message, details);
}
