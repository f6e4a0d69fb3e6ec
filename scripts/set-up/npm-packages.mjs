import { join } from 'node:path';
import { findCommand, runStep } from './command.mjs';
import { missingPackages } from './lockfile.mjs';
import { root, Stop } from './project.mjs';

/** Installs exactly what a directory's lockfile says; no package's own script is run.
 * @param {string} directory */
export function installByLockfile(directory) {
  const npm = findCommand('npm');
  if (npm === undefined) throw new Stop('npm is missing. Install it first (on Debian: apt-get install npm).');
  // `npm run` tells its children about the outer project; --prefix holds against that.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  runStep([npm, 'ci', ...options, `--prefix=${directory}`], { cwd: directory });
}

/** The step that installs the project's npm packages, or undefined where they are all there.
 * @returns {import('./project.mjs').Step | undefined} */
export function npmPackagesStep() {
  const missing = missingPackages(join(root, 'package-lock.json'), root);
  if (missing.length === 0) return undefined;
  return {
    what: 'install the npm packages named in package-lock.json into node_modules (install scripts stay off)',
    run: () => installByLockfile(root),
  };
}
