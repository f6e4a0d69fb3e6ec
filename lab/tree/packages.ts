/** The Debian suite of the lab's trees: the first with NetworkManager 1.52. */
export const suite = 'trixie';

/** What a guest is made of: real parts only; nixos-rebuild and the module system are in `lab/nix`. */
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
  'tcsh',
  'unbound',
] as const;
