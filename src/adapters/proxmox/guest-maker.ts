import type { GuestRef, GuestSummary } from '../../domain/guest.ts';
import type { GuestMaker } from '../../domain/guest-maker.ts';
import type { Shell } from '../../domain/ports.ts';
import type { ProxmoxApi } from './client.ts';
import { cloneGuest } from './clone.ts';
import { configureGuest } from './configure.ts';
import { freeNumber } from './numbers.ts';
import { stopGuest } from './power.ts';
import { removeGuest } from './remove.ts';
import { snippetStore } from './snippet-store.ts';
import { readStanding, type Standing } from './standing.ts';
import { whenUnlocked } from './unlocked.ts';
import type { Waiting } from './waiting.ts';

/** The making of VMs over either way to the API; `find` looks one up in the list of guests, `nodeShell` opens the nodes. */
export function createGuestMaker(
  api: ProxmoxApi,
  find: (vmid: number, signal: AbortSignal) => Promise<GuestSummary | undefined>,
  waiting: Waiting,
  nodeShell: ((node: string) => Shell) | undefined,
): GuestMaker {
  const standingOf = (ref: GuestRef, signal: AbortSignal): Promise<Standing> =>
    readStanding(api, ref, (vmid) => find(vmid, signal), signal);

  return {
    freeNumber: (wanted, signal) => freeNumber(api, wanted, signal),
    clone: (request, signal) => cloneGuest(api, request, (ref) => standingOf(ref, signal), waiting, signal),
    standing: async (ref, signal) => (await standingOf(ref, signal)).guest,
    configure: (standing, settings, signal) =>
      configureGuest(api, standing, settings, () => standingOf(standing.ref, signal), waiting, signal),
    async regenerateSeed(ref, signal) {
      await whenUnlocked(() => standingOf(ref, signal), waiting, signal);
      await api.put({ path: ['nodes', ref.node, 'qemu', ref.vmid, 'cloudinit'], signal });
    },
    stop: (ref, signal) => stopGuest(api, ref, waiting, signal),
    remove: (standing, signal) =>
      removeGuest(
        api,
        standing,
        { find: (vmid) => find(vmid, signal), readStanding: (ref) => standingOf(ref, signal) },
        waiting,
        signal,
      ),
    ...(nodeShell === undefined ? {} : { snippets: snippetStore(api, nodeShell) }),
  };
}
