import { SourceError } from '../../domain/error.ts';
import type { GuestRef, GuestSummary } from '../../domain/guest.ts';
import type { StandingGuest } from '../../domain/guest-maker.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { isTaken } from './numbers.ts';
import { powerNow } from './power-now.ts';
import { retried } from './retry.ts';
import type { Standing } from './standing.ts';
import { followTask } from './task.ts';
import { whenUnlocked } from './unlocked.ts';
import type { Waiting } from './waiting.ts';

/** The removal of large disks from a slow storage. */
const removalMs = 1800 * 1000;

/** How often it is tried: the locks of storages are waited for but briefly, and are told by a text alone. */
const attempts = 3;

/** What a removal looks at. */
export interface RemovalEyes {
  /** The VM in the list of guests. */
  readonly find: (vmid: number) => Promise<GuestSummary | undefined>;
  readonly readStanding: (ref: GuestRef) => Promise<Standing>;
}

/** As `GuestMaker.remove`; a VM that has moved to another node is removed there. */
export async function removeGuest(
  api: ProxmoxApi,
  standing: Pick<StandingGuest, 'ref' | 'uuid'>,
  eyes: RemovalEyes,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const { vmid } = standing.ref;
  const what = `the removal of VM ${vmid}`;
  const patience = { clock: waiting.clock, attempts, pauseMs: 2 * waiting.pollMs };
  const removeOnce = async () => {
    const ref = await mayRemove(api, standing, eyes, waiting, signal);
    if (ref === undefined) return;
    const path = ['nodes', ref.node, 'qemu', vmid];
    const answer = await api.delete({ path, params: { purge: 1 }, taskMs: removalMs, signal });
    await followTask(api, answer, what, waiting, signal);
    if (await isTaken(api, vmid, signal))
      throw new SourceError('command-failed', proxmox, `${what} ended well, and it is still there`);
  };
  await retried(removeOnce, what, patience, signal);
}

/** Where the VM is that was looked at; undefined where no guest has its number any more. */
async function mayRemove(
  api: ProxmoxApi,
  { ref: { vmid }, uuid }: Pick<StandingGuest, 'ref' | 'uuid'>,
  { find, readStanding }: RemovalEyes,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<GuestRef | undefined> {
  const found = await find(vmid);
  if (found === undefined) return undefined;
  const { ref, kind } = found;
  if (kind !== 'vm') throw another(vmid, ref.node);
  const { guest } = await whenUnlocked(() => readStanding(ref), waiting, signal);
  if (guest.template) throw new SourceError('vm-is-template', proxmox, `${vmid} is a template`);
  if (guest.uuid !== uuid) throw another(vmid, ref.node);
  if ((await powerNow(api, found, signal)) !== 'stopped') throw on(vmid, ref.node);
  return ref;
}

function another(vmid: number, where: string): SourceError {
  return new SourceError('guest-changed', proxmox, `another guest has the number ${vmid} by now`, {
    where,
    hint: 'It was left as it is.',
  });
}

function on(vmid: number, where: string): SourceError {
  return new SourceError('guest-on', proxmox, `VM ${vmid} is not switched off`, {
    where,
    hint: 'Switch it off first.',
  });
}
