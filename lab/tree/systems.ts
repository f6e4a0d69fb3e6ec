import type { DebianRelease } from './packages.ts';

/** A plain Debian system: a release, one DHCP client, and the distribution's ways in everything else. */
export interface DebianSystem {
  readonly release: DebianRelease;
  /** Packages of the release that this system does not have. */
  readonly without: readonly string[];
  /** Units enabled over what the packages enable by themselves. */
  readonly enabled: readonly string[];
}

/** What a Proxmox container template has not: it is configured from outside and entered from the node. */
const notInContainers = ['cloud-init', 'network-manager', 'openssh-server', 'qemu-guest-agent'];

/**
 * The plain Debian systems by name; each name has a folder of files in `debian/`. What cloud-init depends on
 * (`isc-dhcp-client` in Debian 12, `dhcpcd-base` in Debian 13) is installed in all, as it is on a real machine.
 */
export const debianSystems = {
  'debian12-nm': { release: 'debian12', without: [], enabled: [] },
  'debian13-networkd': {
    release: 'debian13',
    without: ['network-manager', 'dhcpcd'],
    enabled: ['systemd-networkd.service'],
  },
  'debian13-dhcpcd': { release: 'debian13', without: ['network-manager'], enabled: [] },
  'debian12-dhclient': { release: 'debian12', without: ['network-manager'], enabled: [] },
  'debian13-nm': { release: 'debian13', without: ['dhcpcd'], enabled: [] },
  'debian12-container': { release: 'debian12', without: notInContainers, enabled: [] },
} as const satisfies Readonly<Record<string, DebianSystem>>;

/** A key of {@link debianSystems}. */
export type DebianSystemName = keyof typeof debianSystems;

/** The names, in the order in which they are made. */
export const debianSystemNames = Object.keys(debianSystems) as DebianSystemName[];
