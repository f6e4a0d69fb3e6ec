import { dhcpcd } from '../adapters/dhcpcd/rungs.ts';
import { restoreHostName, setStaticName, setTransientName } from '../adapters/linux/set-names.ts';
import { networkManager } from '../adapters/network-manager/rungs.ts';
import { networkd } from '../adapters/networkd/rungs.ts';
import { TruenameError } from '../domain/error.ts';
import type { GuestWrite } from '../domain/journal.ts';
import type { DhcpClient, Restored, Shell } from '../domain/ports.ts';
import type { DhcpClientRemedy, Remedy } from '../domain/remedy.ts';

/** Every kind of DHCP client that has a ladder. */
const dhcpClients = {
  'network-manager': networkManager,
  networkd,
  dhcpcd,
} satisfies Readonly<Record<DhcpClientRemedy['client'], DhcpClient>>;

/** Carries out a remedy inside the guest by whoever it is for; a restart is the hypervisor's affair. */
export async function applyRemedy(shell: Shell, remedy: Remedy, signal: AbortSignal): Promise<void> {
  switch (remedy.kind) {
    case 'set-static-name':
      return setStaticName(shell, remedy.name, signal);
    case 'set-transient-name':
      return setTransientName(shell, remedy.name, signal);
    case 'reboot-guest':
      throw new TruenameError('internal', 'a guest is restarted by its hypervisor, not from within');
    default:
      return dhcpClients[remedy.client].apply(shell, remedy, signal);
  }
}

/** Puts a write back by whoever made it, where it still stands; nobody asks the DHCP server for anything. */
export async function restoreWrite(shell: Shell, write: GuestWrite, signal: AbortSignal): Promise<Restored> {
  switch (write.kind) {
    case 'static-name':
    case 'transient-name':
      return restoreHostName(shell, write, signal);
    case 'profile-name':
    case 'profile-sends-name':
      return networkManager.restore(shell, write, signal);
    case 'drop-in':
      return networkd.restore(shell, write, signal);
    case 'conf-name':
      return dhcpcd.restore(shell, write, signal);
  }
}
