import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPackages } from './lockfile.mjs';
import { installByLockfile } from './npm-packages.mjs';
import { root, Stop } from './project.mjs';

/** A plain Node binary from the npm registry, for machines whose own is too old; no install script. */
const source = join(root, 'tools/node');
const home = join(root, '.cache/node');

/** True if a version such as `v22.19.0` is the wanted one such as `22.19`, or newer.
 * @param {string} version
 * @param {string} wanted
 * @returns {boolean} */
export function isAtLeast(version, wanted) {
  const have = numbers(version);
  const want = numbers(wanted);
  for (const [index, part] of want.entries()) {
    const difference = (have[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The oldest Node that the project runs on, from `engines` in package.json, such as `22.19`.
 * @returns {string} */
export function oldestNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return String(engines.node).replace('>=', '');
}

/** Path of the Node to run everything with: this one where it is new enough, else the project's own, or undefined.
 * @returns {string | undefined} */
export function findNode() {
  if (isAtLeast(process.version, oldestNode())) return process.execPath;
  const own = ownNode();
  const complete = existsSync(own) && missingPackages(join(source, 'package-lock.json'), home).length === 0;
  return complete ? own : undefined;
}

/** The step that installs a new enough Node, or undefined where there is one.
 * @returns {import('./project.mjs').Step | undefined} */
export function nodeStep() {
  if (findNode() !== undefined) return undefined;
  const oldest = oldestNode();
  return {
    what: `install a newer Node into .cache/node (Truename needs ${oldest}, this machine has ${process.version})`,
    run: () => installNode(oldest),
  };
}

/** @param {string} oldest */
function installNode(oldest) {
  mkdirSync(home, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(source, name), join(home, name));
  copyFileSync(join(root, '.npmrc'), join(home, '.npmrc'));
  installByLockfile(home);
  const { stdout } = spawnSync(ownNode(), ['--version'], { encoding: 'utf8' });
  if (isAtLeast(stdout ?? '', oldest)) return;
  // The package is optional (it is another one on each platform), so npm ends well without it and says nothing.
  const name = `node-${process.platform}-${process.arch}`;
  throw new Stop(
    `npm could not install ${name}; "npm view ${name}" may say why. Or install Node ${oldest} or newer.`,
  );
}

function ownNode() {
  return join(home, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
}

/** @param {string} version */
function numbers(version) {
  return version
    .trim()
    .replace(/^v/, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10) || 0);
}
