// The one door to every task of this checkout: sets up what is missing, then runs the task.
// Plain JavaScript without dependencies: it must start on Node 20, before anything is installed.
import { childEnvironment, runInstead } from './set-up/command.mjs';
import { root, Stop, say } from './set-up/project.mjs';
import { setUp } from './set-up/set-up.mjs';
import { groups, help, listGroups, readArguments } from './test/groups.mjs';

/** Node strips types by itself from 22.18 on; on 22 it still warns that it does. */
const nodeOptions = ['--disable-warning=ExperimentalWarning'];

/** @typedef {import('./set-up/set-up.mjs').LabNeed} LabNeed */

/**
 * The script behind each verb, and whether it needs the lab, and virtual machines in it.
 * @type {Record<string, { script: string, lab: LabNeed, machines?: true }>}
 */
const verbs = {
  demo: { script: 'demo/main.ts', lab: 'may' },
  lab: { script: 'lab/main.ts', lab: 'must' },
  bench: { script: 'bench/main.ts', lab: 'may' },
  test: { script: 'scripts/test/main.ts', lab: 'may' },
  'test:boot': { script: 'test/boot/main.ts', lab: 'must', machines: true },
  check: { script: 'scripts/test/main.ts', lab: 'no' },
  build: { script: 'scripts/build.ts', lab: 'no' },
  docs: { script: 'scripts/documents/main.ts', lab: 'no' },
  truename: { script: 'src/cli/main.ts', lab: 'no' },
};

/** @param {readonly string[]} argv
 * @returns {Promise<number>} */
async function main([verb = '', ...given]) {
  const task = verbs[verb];
  if (task === undefined) {
    say(`Usage: node scripts/run.mjs ${Object.keys(verbs).join('|')} [--yes] [arguments]`);
    return 2;
  }
  // `truename --yes` means something of its own; nothing is asked there that the flag could answer.
  const yes = verb !== 'truename' && given.includes('--yes');
  const args = yes ? given.filter((argument) => argument !== '--yes') : given;
  // npm goes to the checkout first; paths that a person gives start where they stand (npm-run-script(1), INIT_CWD).
  if (verb === 'truename' && process.env.INIT_CWD !== undefined) process.chdir(process.env.INIT_CWD);
  if (verb === 'test') return await test(task.script, args, yes);
  // The simulation needs nothing of the machine, and so nothing is installed for it.
  const lab = verb === 'demo' && args.includes('--sim') ? 'no' : task.lab;
  const checked = groups.filter((group) => group.check).map((group) => group.name);
  const need = { lab, machines: task.machines === true, yes };
  return await run(task.script, verb === 'check' ? checked : args, need);
}

/** @param {string} script
 * @param {readonly string[]} args
 * @param {boolean} yes */
async function test(script, args, yes) {
  const wish = readArguments(args);
  if (wish.kind === 'run') {
    const boot = wish.names.includes('boot');
    // Nobody who only wanted to run the tests is given QEMU unasked.
    const need = { lab: lab(boot || wish.names.includes('lab')), machines: boot && yes, yes };
    return await run(script, wish.names, need);
  }
  if (wish.kind === 'wrong') {
    say(wish.message);
    return 2;
  }
  process.stdout.write(`${wish.kind === 'help' ? help() : listGroups()}\n`);
  return 0;
}

/** @param {boolean} used
 * @returns {LabNeed} */
function lab(used) {
  return used ? 'may' : 'no';
}

/** @param {string} script
 * @param {readonly string[]} args
 * @param {{ lab: LabNeed, machines: boolean, yes: boolean }} need */
async function run(script, args, need) {
  const node = await setUp(need);
  return await runInstead(node, [...nodeOptions, `${root}/${script}`, ...args], childEnvironment(node));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  say(error.message);
  process.exitCode = 1;
}
