import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Cruise, cruise, importRules } from '../cruise.ts';
import { root } from '../set-up/project.mjs';
import { type Outcome, single } from './outcome.ts';

/** A tree that breaks every rule, and the one file in it that keeps them all. */
const canary = join(root, 'test/architecture/canary');
const goodFile = 'src/cli/wire.ts';

type Summary = Pick<Cruise, 'summary'>;

/** Checks the import rules on the tree, and on a canary that breaks every one of them. */
export async function rulesGroup(): Promise<Outcome> {
  const complaints = [
    ...treeComplaints(await cruise()),
    ...canaryComplaints(await cruise(canary), ruleNames()),
  ];
  return single(complaints.length === 0, complaints.join('\n'));
}

/** What is wrong with the tree, a line each. */
export function treeComplaints({ summary }: Summary): string[] {
  if (summary.totalCruised === 0) return ['0 modules were cruised: nothing was checked.'];
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

/** Rules that the canary breaks unnoticed, and its good file where that is reported; a line each. */
export function canaryComplaints({ summary }: Summary, rules: readonly string[]): string[] {
  const reported = new Set(summary.violations.map((violation) => violation.rule.name));
  const blind = rules
    .filter((rule) => !reported.has(rule))
    .map(
      (rule) =>
        `The rule "${rule}" does not see its bad import in test/architecture/canary: it guards nothing.`,
    );
  const wrong = summary.violations
    .filter((violation) => violation.from === goodFile)
    .map((violation) => `The rule "${violation.rule.name}" forbids what the canary's ${goodFile} may do.`);
  return [...blind, ...wrong];
}

function ruleNames(): string[] {
  const { forbidden } = createRequire(import.meta.url)(importRules) as { forbidden: { name: string }[] };
  return forbidden.map((rule) => rule.name);
}
