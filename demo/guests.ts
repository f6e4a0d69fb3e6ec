import type { DhcpClientState } from '../src/domain/dhcp-client.ts';

/** One clone of the demo. */
export interface DemoGuest {
  readonly name: string;
  readonly vmid: number;
  readonly template: number;
  /** What makes it unlike the others. */
  readonly shape: string;
  readonly segment: 'mgmt' | 'srv';
}

/** A clone of a NixOS template, which is rebuilt. */
export interface RebuiltGuest extends DemoGuest {
  /** The way in which its Ethernet connection comes about. */
  readonly shape: 'ensure-profiles' | 'automatic' | 'stale-keyfile';
}

/** A clone of a Debian template, which is mended without a rebuild. */
export interface FixedGuest extends DemoGuest {
  /** Its DHCP client; where a fresh clone does not lease as its template, the stage brings it to do so. */
  readonly shape: Exclude<DhcpClientState['kind'], 'dhclient'>;
  /** Name of its template, which its lease bears. */
  readonly leasesAs: string;
}

/** One of each profile shape, in both segments. */
export const rebuiltGuests: readonly RebuiltGuest[] = [
  { name: 'alpha', vmid: 610, template: 9000, shape: 'ensure-profiles', segment: 'mgmt' },
  { name: 'beta', vmid: 611, template: 9001, shape: 'automatic', segment: 'srv' },
  { name: 'gamma', vmid: 612, template: 9002, shape: 'stale-keyfile', segment: 'mgmt' },
];

/** One of each DHCP client. */
export const fixedGuests: readonly FixedGuest[] = [
  {
    name: 'delta',
    vmid: 613,
    template: 9014,
    shape: 'network-manager',
    segment: 'mgmt',
    leasesAs: 'debian13-nm',
  },
  {
    name: 'epsilon',
    vmid: 614,
    template: 9011,
    shape: 'networkd',
    segment: 'srv',
    leasesAs: 'debian13-networkd',
  },
  {
    name: 'zeta',
    vmid: 615,
    template: 9012,
    shape: 'dhcpcd',
    segment: 'mgmt',
    leasesAs: 'debian13-dhcpcd',
  },
];

/** The NixOS configuration that a person writes for one machine. */
export function configurationOf(guest: Pick<RebuiltGuest, 'name' | 'shape'>): string {
  const base =
    guest.shape === 'stale-keyfile'
      ? 'set-hostname'
      : guest.shape === 'automatic'
        ? 'plain'
        : 'ensure-profiles';
  return `{ imports = [ /etc/nixos/${base}.nix ]; networking.hostName = "${guest.name}"; }\n`;
}
