import { describe, expect, it } from 'vitest';
import { vitestOutcome } from './vitest-group.ts';

const test = (status: string) => ({ status, fullName: `a ${status} test` });
const report = (passed: number, failed: number, statuses: readonly string[]) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults: [{ name: 'file', assertionResults: statuses.map(test) }],
});

describe('vitestOutcome', () => {
  it('counts single tests', () => {
    const outcome = vitestOutcome(report(2, 1, ['passed', 'passed', 'failed']), 1, 'text');

    expect(outcome).toEqual({ count: { passed: 2, failed: 1, skipped: 0 }, output: 'text', leftOut: [] });
  });

  it('names every test that is marked as skipped or to do', () => {
    const outcome = vitestOutcome(report(1, 0, ['passed', 'skipped', 'todo']), 0, '');

    expect(outcome.count).toEqual({ passed: 1, failed: 0, skipped: 2 });
    expect(outcome.leftOut).toEqual([
      '"a skipped test" is marked as skipped.',
      '"a todo test" is marked as todo.',
    ]);
  });

  it.each([
    ['a file that does not load', report(5, 0, []), 1],
    ['an end by a signal', report(5, 0, []), undefined],
    ['a missing report', undefined, 0],
    ['a run without a test', report(0, 0, []), 0],
  ])('counts %s as a failure', (_what, given, exitCode) => {
    expect(vitestOutcome(given, exitCode, '').count.failed).toBe(1);
  });
});
