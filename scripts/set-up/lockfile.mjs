import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A package as npm's lockfiles describe it.
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile
 */

/** Packages (by their path) that the lockfile wants and that are not installed in that very version.
 *
 * npm writes what it installed into `node_modules/.package-lock.json` as its last act, so a broken-off
 * install shows as "everything is missing". Optional packages may be absent: most are for other platforms.
 * @param {Lockfile} wanted
 * @param {Lockfile | undefined} installed
 * @returns {string[]} */
export function lockfileDifferences(wanted, installed) {
  const present = installed?.packages ?? {};
  return Object.entries(wanted.packages ?? {})
    .filter(([path]) => path !== '')
    .filter(([path, entry]) => {
      const found = present[path];
      if (found === undefined) return entry.optional !== true;
      return found.version !== entry.version || found.integrity !== entry.integrity;
    })
    .map(([path]) => path);
}

/** The same for a directory that holds a lockfile and the node_modules that it describes.
 * @param {string} lockfile path of the lockfile
 * @param {string} directory where node_modules is
 * @returns {string[]} */
export function missingPackages(lockfile, directory) {
  const installed = join(directory, 'node_modules/.package-lock.json');
  return lockfileDifferences(
    readLockfile(lockfile),
    existsSync(installed) ? readLockfile(installed) : undefined,
  );
}

/** @param {string} file
 * @returns {Lockfile} */
function readLockfile(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
