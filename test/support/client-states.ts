import type { DhcpcdState, NetworkdState, NetworkManagerState } from '../../src/domain/dhcp-client.ts';
import type { GuestView, Snapshot } from '../../src/domain/snapshot.ts';
import { client, guest, snapshot } from './sample-snapshot.ts';

/** What all clients of the sample guest have in common. */
const common = {
  device: 'ens18',
  activated: true,
  acknowledgedName: 'alpha',
  leaseExpiresAt: '2026-01-01T13:00:00.000Z',
  clientId: '01:bc:24:11:00:00:01',
} as const;

const machineName = { from: 'transient', cut: false, legalOnly: true } as const;

/** NetworkManager, whose profile holds no name. */
export function networkManagerClient(changes: Partial<NetworkManagerState> = {}): NetworkManagerState {
  return client(changes);
}

/** systemd-networkd, which sends the kernel's name. */
export function networkdClient(changes: Partial<NetworkdState> = {}): NetworkdState {
  return {
    kind: 'networkd',
    version: '257',
    ...common,
    file: '/etc/systemd/network/10-lan.network',
    dropIns: [],
    now: machineName,
    nextBoot: machineName,
    ...changes,
  };
}

/** dhcpcd for all interfaces, which sends the kernel's name. */
export function dhcpcdClient(changes: Partial<DhcpcdState> = {}): DhcpcdState {
  return {
    kind: 'dhcpcd',
    version: '10.1.0',
    ...common,
    mode: 'manager',
    file: '/etc/dhcpcd.conf',
    now: { from: 'transient', cut: true, legalOnly: false },
    nextBoot: { from: 'transient', cut: true, legalOnly: false },
    ...changes,
  };
}

/** What differs from a guest that bears `alpha` throughout. */
export interface ViewChanges {
  readonly client?: GuestView['client'];
  readonly host?: Partial<GuestView['host']>;
  /** Debian, where the static name may be set; NixOS when left out. */
  readonly debian?: boolean;
}

/** A guest with any DHCP client, on NixOS or on Debian. */
export function viewWith({ client: held = client(), host = {}, debian = false }: ViewChanges): GuestView {
  const nixos = guest({ host });
  if (!debian) return { ...nixos, client: held };
  return {
    ...nixos,
    client: held,
    os: { ...nixos.os, id: 'debian', name: 'Debian GNU/Linux 13' },
    nixos: { booted: undefined, current: undefined, next: undefined },
  };
}

/** All links of a machine with that guest; the lease bears the name that is given, `alpha` when left out. */
export function snapshotWith(changes: ViewChanges, lease: string | undefined = 'alpha'): Snapshot {
  const taken = snapshot({ lease: { name: lease } });
  const { source, at } = taken.guest;
  return { ...taken, guest: { seen: 'value', source, at, value: viewWith(changes) } };
}
