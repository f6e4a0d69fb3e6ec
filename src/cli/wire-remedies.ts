import { setTransientName } from '../adapters/linux/host-names.ts';
import { networkManager } from '../adapters/network-manager/rungs.ts';
import type { DhcpClientState } from '../domain/dhcp-client.ts';
import type { DhcpClient, Shell } from '../domain/ports.ts';
import type { Remedy } from '../domain/remedy.ts';

/** Every kind of DHCP client in a guest. */
const dhcpClients = {
  'network-manager': networkManager,
} satisfies Readonly<Record<DhcpClientState['kind'], DhcpClient>>;

/** Carries out a remedy by whoever it is for. */
export async function applyRemedy(shell: Shell, remedy: Remedy, signal: AbortSignal): Promise<void> {
  if (remedy.kind === 'set-transient-name') return setTransientName(shell, remedy.name, signal);
  return dhcpClients[remedy.client].apply(shell, remedy, signal);
}
