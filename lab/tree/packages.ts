/** The Debian suite of hosts and NixOS-shaped guests: the first with NetworkManager 1.52. */
export const suite = 'trixie';

/** What a NixOS-shaped guest is made of: real parts only; nixos-rebuild and the module system are in `lab/nix`. */
export const guestPackages = [
  'cloud-init',
  'dbus',
  'iproute2',
  'iputils-ping',
  'network-manager',
  'nix-bin',
  'openssh-server',
  'polkitd',
  'qemu-guest-agent',
  'sudo',
  'systemd-sysv',
  'udev',
] as const;

/** What firewalls and nodes are made of. */
export const hostPackages = [
  'busybox-static',
  'dnsmasq-base',
  'iproute2',
  'iputils-ping',
  'openssh-server',
  'openssl',
  'tcpdump',
  'tcsh',
  'unbound',
] as const;

/** What is in every plain Debian guest, whatever its release. */
const debianPackages = [
  'cloud-init',
  'dbus',
  'iproute2',
  'iputils-ping',
  'network-manager',
  'openssh-server',
  'polkitd',
  'qemu-guest-agent',
  'sudo',
  'systemd-sysv',
  'udev',
] as const;

/** What plain Debian guests are made of, by release; each guest is rid of what it does not use (`systems.ts`). */
export const debianReleases = {
  debian12: { suite: 'bookworm', packages: [...debianPackages, 'ifupdown', 'isc-dhcp-client'] },
  debian13: { suite: 'trixie', packages: [...debianPackages, 'dhcpcd'] },
} as const;

/** A release in {@link debianReleases}. */
export type DebianRelease = keyof typeof debianReleases;

/** What a machine with Kea is made of, whatever its release: the daemons, a way in, and a DHCP client to ask them with. */
export const keaPackages = [
  'busybox-static',
  'iproute2',
  'kea-ctrl-agent',
  'kea-dhcp4-server',
  'openssh-server',
] as const;

/** The Debian suites whose Kea is run, by its version. */
export const keaSuites = { '2.2': 'bookworm', '2.6': 'trixie' } as const;

/** A version in {@link keaSuites}. */
export type KeaVersion = keyof typeof keaSuites;
