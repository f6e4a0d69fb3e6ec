import { SourceError } from '../../domain/error.ts';
import type { AgentInterface, GuestRef } from '../../domain/guest.ts';
import { interfaceOf } from './agent.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { powerNow } from './power-now.ts';
import { read } from './read.ts';
import { containerInterfacesSchema } from './schema.ts';

/**
 * The interfaces of a container as its node sees them, with their IPv4 addresses; takes `VM.Audit` alone. The product answers null
 * for a container that is off and for a number that has none (pve-container PVE/LXC.pm, `get_interfaces`), so its state is asked
 * for then: throws `guest-off`, `not-found` where that node does not know it, and `command-failed` where it runs all the same.
 */
export async function containerInterfaces(
  api: ProxmoxApi,
  ref: GuestRef,
  signal: AbortSignal,
): Promise<AgentInterface[]> {
  const path = ['nodes', ref.node, 'lxc', ref.vmid, 'interfaces'];
  const answer = await api.get({ path, signal });
  const rows = read(containerInterfacesSchema, answer, `the interfaces of container ${ref.vmid}`);
  if (rows === null) throw await whyNone(api, ref, signal);
  return rows.map((row) => {
    // A release without the list tells one address of each family, with its prefix.
    const addresses = row['ip-addresses'] ?? [{ 'ip-address': row.inet?.split('/')[0] }];
    return interfaceOf({
      name: row.name,
      'hardware-address': row['hardware-address'] ?? row.hwaddr,
      'ip-addresses': addresses,
    });
  });
}

async function whyNone(api: ProxmoxApi, ref: GuestRef, signal: AbortSignal): Promise<SourceError> {
  const power = await powerNow(api, { ref, kind: 'container' }, signal);
  const which = `container ${ref.vmid}`;
  if (power === undefined) return new SourceError('not-found', proxmox, `${ref.node} has no ${which}`);
  if (power === 'stopped')
    return new SourceError('guest-off', proxmox, `${which} does not run`, { hint: 'Start it.' });
  return new SourceError(
    'command-failed',
    proxmox,
    `${ref.node} shows no interfaces of ${which}, which runs`,
    {
      hint: 'It may have been starting: look again.',
    },
  );
}
