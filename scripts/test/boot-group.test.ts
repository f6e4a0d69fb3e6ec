import { describe, expect, it } from 'vitest';
import { bootOutcome } from './boot-group.ts';

const report = (...passed: boolean[]) =>
  `${JSON.stringify({ cases: passed.map((each) => ({ passed: each })) })}\n`;

describe('bootOutcome', () => {
  it('counts the cases of the last line', () => {
    const outcome = bootOutcome(`a line before\n${report(true, false, true)}`, 1, 'text');

    expect(outcome).toEqual({ count: { passed: 2, failed: 1, skipped: 0 }, output: 'text', leftOut: [] });
  });

  it('has no failure where all passed', () => {
    expect(bootOutcome(report(true, true), 0, '').count).toEqual({ passed: 2, failed: 0, skipped: 0 });
  });

  it.each([
    ['a missing report', '', 1],
    ['another last line', 'Error: no loop device\n', 1],
    ['an end by a signal', report(true), undefined],
    ['a failure that no case bears', report(true), 1],
    ['a run without a case', report(), 0],
  ])('counts %s as a failure', (_what, stdout, exitCode) => {
    expect(bootOutcome(stdout, exitCode, '').count.failed).toBe(1);
  });
});
