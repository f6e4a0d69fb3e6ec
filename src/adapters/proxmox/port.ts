import { SourceError } from '../../domain/error.ts';
import type { GuestSummary, Nic } from '../../domain/guest.ts';
import { shown } from '../../lib/shown.ts';
import { proxmox } from './client.ts';

/**
 * The device at the node that a NIC is plugged in with: `tap610i0` of a VM (qemu-server PVE/QemuServer.pm,
 * `print_netdev_full`), `veth700i0` of a container (pve-container PVE/LXC.pm, `update_lxc_config`). The same with
 * the firewall on, whose bridge comes behind it.
 */
export function portDevice({ ref, kind }: Pick<GuestSummary, 'ref' | 'kind'>, { slot }: Nic): string {
  const number = /^net(\d{1,2})$/.exec(slot)?.[1];
  if (number === undefined) {
    throw new SourceError('bad-response', proxmox, `'${shown(slot)}' is no network interface of a guest`);
  }
  return `${kind === 'vm' ? 'tap' : 'veth'}${ref.vmid}i${Number(number)}`;
}
