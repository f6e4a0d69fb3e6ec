import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from '../run-tool.ts';
import type { Outcome } from './outcome.ts';

/** The part of Vitest's JSON report (the format of Jest) that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Runs one Vitest project and counts its single tests. */
export async function vitestGroup(project: string): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), 'truename-test-'));
  const file = join(directory, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { exitCode, output } = await runTool(['vitest', 'run', `--project=${project}`, ...reporters]);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    return vitestOutcome(text === undefined ? undefined : JSON.parse(text), exitCode, output);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The outcome from Vitest's report (undefined: none was written), exit code and output. */
export function vitestOutcome(
  report: Report | undefined,
  exitCode: number | undefined,
  output: string,
): Outcome {
  const passed = report?.numPassedTests ?? 0;
  const failed = report?.numFailedTests ?? 0;
  const skipped = (report?.testResults ?? [])
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.status !== 'passed' && test.status !== 'failed');
  // A file that does not load, or an unhandled rejection, fails the run without failing a test.
  const silent = (exitCode !== 0 || passed === 0) && failed === 0 ? 1 : 0;
  return {
    count: { passed, failed: failed + silent, skipped: skipped.length },
    output,
    leftOut: skipped.map((test) => `"${test.fullName}" is marked as ${test.status}.`),
  };
}
