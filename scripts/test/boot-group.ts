import { join } from 'node:path';
import { runTool } from '../run-tool.ts';
import { root } from '../set-up/project.mjs';
import type { Outcome } from './outcome.ts';

/** The part of the boot tests' report that is read here. */
interface Report {
  readonly cases: readonly { readonly passed: boolean }[];
}

/** Boots virtual machines and counts the cases. */
export async function bootGroup(): Promise<Outcome> {
  const script = join(root, 'test/boot/main.ts');
  const { exitCode, stdout, output } = await runTool([process.execPath, script, '--json']);
  return bootOutcome(stdout, exitCode, output);
}

/** The outcome from what the boot tests printed: a report in the last line, unless they broke off. */
export function bootOutcome(stdout: string, exitCode: number | undefined, output: string): Outcome {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const { cases } = last.startsWith('{') ? (JSON.parse(last) as Report) : { cases: [] };
  const passed = cases.filter((each) => each.passed).length;
  const failed = cases.length - passed;
  const silent = (exitCode !== 0 || passed === 0) && failed === 0 ? 1 : 0;
  return { count: { passed, failed: failed + silent, skipped: 0 }, output, leftOut: [] };
}
