import { findCommand, runStep } from './command.mjs';

/**
 * What the lab uses of Debian, and the command that tells whether it is there. None of these starts a service.
 * @type {readonly { package: string, command: string }[]}
 */
const labPackages = [
  { package: 'dnsmasq-base', command: 'dnsmasq' },
  { package: 'systemd-container', command: 'systemd-nspawn' },
  { package: 'mmdebstrap', command: 'mmdebstrap' },
  { package: 'nix-bin', command: 'nix' },
  { package: 'patchelf', command: 'patchelf' },
  { package: 'iproute2', command: 'ip' },
  { package: 'openssh-client', command: 'ssh' },
  { package: 'util-linux', command: 'unshare' },
  { package: 'tcpdump', command: 'tcpdump' },
  { package: 'bind9-dnsutils', command: 'dig' },
  { package: 'iputils-ping', command: 'ping' },
  { package: 'genisoimage', command: 'genisoimage' },
  { package: 'busybox', command: 'busybox' },
];

/**
 * What virtual machines take beside, which nothing but the boot tests starts.
 * @type {typeof labPackages}
 */
const machinePackages = [
  { package: 'qemu-system-x86', command: 'qemu-system-x86_64' },
  { package: 'qemu-utils', command: 'qemu-img' },
  { package: 'e2fsprogs', command: 'mke2fs' },
  { package: 'kmod', command: 'depmod' },
  { package: 'cpio', command: 'cpio' },
  { package: 'xz-utils', command: 'xz' },
];

/** Names of the packages whose command is not found.
 * @param {(command: string) => string | undefined} [find]
 * @param {{ machines?: boolean }} [also] virtual machines are to be started too
 * @returns {string[]} */
export function missingDebianPackages(find = findCommand, { machines = false } = {}) {
  const packages = machines ? [...labPackages, ...machinePackages] : labPackages;
  return packages.filter((entry) => find(entry.command) === undefined).map((entry) => entry.package);
}

/** The step that installs what the lab misses of Debian, or undefined where nothing is missing.
 * @param {{ machines: boolean }} also virtual machines are to be started too
 * @returns {import('./project.mjs').Step | undefined} */
export function debianPackagesStep(also) {
  const missing = missingDebianPackages(findCommand, also);
  if (missing.length === 0) return undefined;
  return { what: `install with apt-get, for the lab: ${missing.join(' ')}`, run: () => install(missing) };
}

/** @param {readonly string[]} packages */
function install(packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Another package run, such as a fresh machine's own updates, may hold the lock for a while.
  const aptGet = ['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300'];
  runStep([...aptGet, 'update'], { env });
  runStep([...aptGet, 'install', '--yes', '--no-install-recommends', ...packages], { env });
}
