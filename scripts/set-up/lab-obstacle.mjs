import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findCommand } from './command.mjs';
import { missingDebianPackages } from './debian-packages.mjs';

/**
 * What is known of the machine, as far as the lab cares.
 * @typedef {object} Machine
 * @property {boolean} proxmoxNode
 * @property {boolean} root
 * @property {string} osRelease text of /etc/os-release, empty where there is none
 */

/** Why the lab can never run on this machine, one sentence, or undefined.
 * @param {Machine} [machine]
 * @returns {string | undefined} */
export function labObstacle(machine = thisMachine()) {
  if (machine.proxmoxNode) {
    return 'This is a Proxmox VE node, and the lab makes bridges and containers: run it on any other Debian machine.';
  }
  if (!isDebian(machine.osRelease)) {
    return 'The lab builds its guests with the tools of Debian, and this is another system: use a Debian machine or VM.';
  }
  if (!machine.root)
    return 'The lab makes network namespaces and containers, which takes root: run it as root.';
  return undefined;
}

/** Why the lab cannot run now, after set-up, or undefined.
 * @returns {string | undefined} */
export function whyNoLab() {
  const obstacle = labObstacle();
  if (obstacle !== undefined) return obstacle;
  const missing = missingDebianPackages();
  return missing.length === 0 ? undefined : `These Debian packages are missing: ${missing.join(' ')}.`;
}

/** Why virtual machines cannot be booted now, after set-up, or undefined.
 * @returns {string | undefined} */
export function whyNoMachines() {
  const why = whyNoLab();
  if (why !== undefined) return why;
  const missing = missingDebianPackages(findCommand, { machines: true });
  if (missing.length === 0) return undefined;
  return `These Debian packages are missing, which are installed with --yes only: ${missing.join(' ')}.`;
}

/** @returns {Machine} */
function thisMachine() {
  const osRelease = '/etc/os-release';
  return {
    proxmoxNode:
      existsSync('/etc/pve') || findCommand('pveversion') !== undefined || hasPackage('pve-manager'),
    root: process.getuid?.() === 0,
    osRelease: existsSync(osRelease) ? readFileSync(osRelease, 'utf8') : '',
  };
}

/** os-release(5): ID names the system, ID_LIKE those that it descends from.
 * @param {string} osRelease */
function isDebian(osRelease) {
  return /^ID(?:_LIKE)?=.*\bdebian\b/m.test(osRelease);
}

/** @param {string} name */
function hasPackage(name) {
  // Cheap first: dpkg keeps a list of files for every package that it ever unpacked.
  if (!existsSync(`/var/lib/dpkg/info/${name}.list`)) return false;
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '$' + '{db:Status-Status}', name], {
    encoding: 'utf8',
  });
  return stdout === 'installed';
}
