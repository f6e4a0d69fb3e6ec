import { describe, expect, it } from 'vitest';
import { exitCode, formatCount, leftOut, single, total } from './outcome.ts';

describe('total', () => {
  it('adds what each group counted', () => {
    const counts = [single(true, '').count, single(false, 'x').count, leftOut('no root').count];

    expect(total([...counts, { passed: 40, failed: 1, skipped: 2 }])).toEqual({
      passed: 41,
      failed: 2,
      skipped: 3,
    });
  });
});

describe('formatCount', () => {
  it('is the closing line', () => {
    expect(formatCount({ passed: 3, failed: 0, skipped: 1 })).toBe('3 passed, 0 failed, 1 skipped');
  });
});

describe('exitCode', () => {
  it.each([
    [{ passed: 3, failed: 0, skipped: 0 }, true, 0],
    [{ passed: 3, failed: 0, skipped: 1 }, false, 0],
    [{ passed: 3, failed: 0, skipped: 1 }, true, 1],
    [{ passed: 3, failed: 1, skipped: 0 }, false, 1],
    [{ passed: 0, failed: 0, skipped: 0 }, false, 1],
  ])('%o, everything required: %s', (count, requireAll, expected) => {
    expect(exitCode(count, requireAll)).toBe(expected);
  });
});
