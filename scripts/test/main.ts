// Runs the groups named as arguments, one after the other, and says how each ended.
import { styleText } from 'node:util';
import { interrupted, runTool } from '../run-tool.ts';
import { whyNoLab, whyNoMachines } from '../set-up/lab-obstacle.mjs';
import { root } from '../set-up/project.mjs';
import { bootGroup } from './boot-group.ts';
import { exitCode, formatCount, leftOut, type Outcome, single, total } from './outcome.ts';
import { packageGroup } from './package-group.ts';
import { rulesGroup } from './rules-group.ts';
import { vitestGroup } from './vitest-group.ts';

const runners: Readonly<Record<string, () => Promise<Outcome>>> = {
  lint: () => tool(['biome', 'ci', '--colors=off', root]),
  types: () => tool(['tsc', '--noEmit', '-p', `${root}/tsconfig.json`]),
  rules: rulesGroup,
  'dead-code': () => tool(['knip', '--no-progress']),
  documents: () => tool([process.execPath, `${root}/scripts/documents/main.ts`, '--check']),
  unit: () => vitestGroup('unit'),
  lab: () => unless(whyNoLab(), () => vitestGroup('lab')),
  boot: () => unless(whyNoMachines(), bootGroup),
  package: packageGroup,
};

async function tool(command: readonly [string, ...string[]]): Promise<Outcome> {
  const { exitCode: code, output } = await runTool(command);
  return single(code === 0, output);
}

async function unless(why: string | undefined, group: () => Promise<Outcome>): Promise<Outcome> {
  return why === undefined ? await group() : leftOut(why);
}

/** A group that throws is a failed group; the others still run. */
function brokenOff(error: unknown): Outcome {
  return single(false, error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function report(name: string, outcome: Outcome, milliseconds: number): void {
  const { passed, failed } = outcome.count;
  const state = failed > 0 ? 'failed' : passed > 0 ? 'passed' : 'skipped';
  const colour = { failed: 'red', passed: 'green', skipped: 'yellow' } as const;
  const seconds = (milliseconds / 1000).toFixed(1).padStart(6);
  print(
    `${styleText(colour[state], state.padEnd(7))} ${name.padEnd(10)} ${seconds} s  ${formatCount(outcome.count)}`,
  );
  for (const why of outcome.leftOut) print(`        left out: ${why}`);
  if (failed > 0) print(outcome.output.trimEnd());
}

async function main(names: readonly string[]): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const name of names) {
    const run = runners[name];
    if (run === undefined || interrupted.aborted) break;
    const start = performance.now();
    const outcome = await run().catch(brokenOff);
    report(name, outcome, performance.now() - start);
    outcomes.push(outcome);
  }
  const count = total(outcomes.map((outcome) => outcome.count));
  const complete = outcomes.length === names.length && !interrupted.aborted;
  if (!complete) print('The run was broken off before its end.');
  process.exitCode = complete ? exitCode(count, process.env.TRUENAME_REQUIRE === 'all') : 1;
  print(formatCount(count));
}

await main(process.argv.slice(2));
