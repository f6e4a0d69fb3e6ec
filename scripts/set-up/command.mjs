import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root, Stop } from './project.mjs';

/** Where root's own programs are; missing from PATH after a plain `su`. */
const systemDirectories = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The first executable file with this name on PATH or among root's own programs, or undefined.
 * @param {string} name
 * @param {string} [path] a PATH
 * @returns {string | undefined} */
export function findCommand(name, path = process.env.PATH ?? '') {
  for (const directory of [...path.split(delimiter), ...systemDirectories]) {
    const file = join(directory, name);
    if (directory !== '' && isExecutable(file)) return file;
  }
  return undefined;
}

/** Runs a command of the set-up to its end, its output on stderr; throws a {@link Stop} when it fails.
 * @param {readonly string[]} command the program and its arguments
 * @param {{ cwd?: string, env?: Record<string, string> }} [options] */
export function runStep(command, options = {}) {
  const [program = '', ...args] = command;
  const env = { ...process.env, ...options.env };
  const result = spawnSync(program, args, { cwd: options.cwd ?? root, env, stdio: ['ignore', 2, 2] });
  if (result.error !== undefined) throw new Stop(`${program} could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    throw new Stop(`${command.join(' ')} ended with ${result.signal ?? `exit code ${result.status}`}.`);
  }
}

/** The environment of everything that is run after set-up: the chosen Node and the project's tools come first.
 * @param {string} node path of the chosen Node
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {NodeJS.ProcessEnv} */
export function childEnvironment(node, environment = process.env) {
  const path = (environment.PATH ?? '').split(delimiter);
  const first = [dirname(node), join(root, 'node_modules/.bin')];
  const last = systemDirectories.filter((directory) => !path.includes(directory));
  return { ...environment, PATH: [...first, ...path, ...last].join(delimiter) };
}

/** Runs a program in place of this one: same terminal, its exit code is returned (128 + n after signal n).
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} */
export function runInstead(program, args, env) {
  const child = spawn(program, args, { env, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to the whole group: passed on again, the child would take it for a second one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Stop(`${program} could not be started: ${error.message}`)));
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : system.signals[signal])),
    );
  });
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
