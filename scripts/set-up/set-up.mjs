import { createInterface } from 'node:readline/promises';
import { debianPackagesStep } from './debian-packages.mjs';
import { labObstacle } from './lab-obstacle.mjs';
import { findNode, nodeStep } from './node.mjs';
import { npmPackagesStep } from './npm-packages.mjs';
import { Stop, say } from './project.mjs';

/**
 * What a verb needs: the lab must run, would be good to have, or is not used.
 * @typedef {'must' | 'may' | 'no'} LabNeed
 */

/** Makes everything ready that a verb needs, in the lab `machines` too where these are virtual ones, and returns the path of
 * the Node to run it with; throws a {@link Stop}.
 * @param {{ lab: LabNeed, machines: boolean, yes: boolean }} options
 * @returns {Promise<string>} */
export async function setUp({ lab, machines, yes }) {
  const obstacle = lab === 'no' ? undefined : labObstacle();
  if (lab === 'must' && obstacle !== undefined) throw new Stop(obstacle);
  const debian = lab === 'no' || obstacle !== undefined ? undefined : debianPackagesStep({ machines });
  const own = [nodeStep(), npmPackagesStep()].filter((step) => step !== undefined);
  await confirm(debian === undefined ? own : [...own, debian], yes);
  for (const step of own) step.run();
  if (debian !== undefined) installForLab(debian, lab);
  const node = findNode();
  if (node === undefined)
    throw new Stop('The newer Node was installed and is not whole: remove .cache/node, try again.');
  return node;
}

/** @param {import('./project.mjs').Step} step
 * @param {LabNeed} lab */
function installForLab(step, lab) {
  try {
    step.run();
  } catch (error) {
    if (lab === 'must' || !(error instanceof Stop)) throw error;
    say(`${error.message} The lab will be left out.`);
  }
}

/** @param {readonly import('./project.mjs').Step[]} steps
 * @param {boolean} yes */
async function confirm(steps, yes) {
  if (steps.length === 0) return;
  say('Something is missing here, so this will now:');
  for (const step of steps) say(`  - ${step.what}`);
  if (yes || !isPersonThere()) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Go ahead? [Y/n] ');
  terminal.close();
  if (!isYes(answer)) throw new Stop('Nothing was changed.');
}

/** True for what a person types to agree; an empty line agrees.
 * @param {string} answer
 * @returns {boolean} */
export function isYes(answer) {
  return /^(?:|y|yes)$/i.test(answer.trim());
}

function isPersonThere() {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env.CI;
}
