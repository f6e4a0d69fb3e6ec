import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';

// A registry that mirrors only some platforms makes npm write a lockfile without the others, and `npm ci` then refuses
// that lockfile everywhere. Run this by hand after `npm install` on such a registry; the unit tests say when it is due.

/**
 * @typedef {import('./lockfile.mjs').LockedPackage & { dev?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string> }} Entry
 * @typedef {{ path: string, entry: Entry }} Missing
 */

const platform = /(linux|darwin|win32|android|freebsd|openharmony)-(x64|arm64|arm|ia32|ppc64|riscv64|s390x)/;

/** Entries that the lockfile lacks: platform packages that a locked package names as optional.
 *
 * They have no integrity, which only the registry could tell: npm checks them by TLS alone where it installs one.
 * @param {Record<string, Entry>} packages
 * @returns {Missing[]} */
export function missingPlatforms(packages) {
  return Object.entries(packages).flatMap(([owner, { dev, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => packages[`node_modules/${name}`] === undefined)
      .filter(([name]) => packages[`${owner}/node_modules/${name}`] === undefined)
      .map(([name, version]) => ({ path: `node_modules/${name}`, entry: platformEntry(name, version, dev) })),
  );
}

/** @param {string} name
 * @param {string} version
 * @param {boolean | undefined} dev
 * @returns {Entry} */
function platformEntry(name, version, dev) {
  const [, os, cpu] = platform.exec(name) ?? [];
  if (os === undefined || cpu === undefined)
    throw new Error(`${name} does not say for which platform it is.`);
  const libc = name.includes('musl') ? { libc: ['musl'] } : {};
  return { version, cpu: [cpu], ...(dev === true ? { dev } : {}), ...libc, optional: true, os: [os] };
}

if (process.argv[1] === import.meta.filename) {
  const file = join(root, 'package-lock.json');
  const lockfile = JSON.parse(readFileSync(file, 'utf8'));
  for (const { path, entry } of missingPlatforms(lockfile.packages)) lockfile.packages[path] = entry;
  const sorted = Object.entries(lockfile.packages).sort(([left], [right]) => left.localeCompare(right, 'en'));
  writeFileSync(
    file,
    `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(sorted) }, undefined, 2)}\n`,
  );
}
