import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PingLine } from './line.ts';
import { countOutage } from './outage.ts';

const watch = { begun: 10_000, ended: 20_000, intervalMs: 200 };

function answered(sequence: number, at: number): PingLine {
  return { kind: 'answered', sequence, at };
}

function unanswered(sequence: number, at: number): PingLine {
  return { kind: 'unanswered', sequence, at };
}

describe('countOutage', () => {
  it('counts nothing lost while everything is answered, late or twice', () => {
    const lines = [answered(1, 10_001), unanswered(2, 10_400), answered(3, 10_900), answered(2, 10_901)];

    expect(countOutage([...lines, answered(2, 10_902)], watch)).toEqual({
      answered: 3,
      asked: 3,
      lost: 0,
      longestMs: 0,
    });
  });

  it('takes the longest silence from answer to answer, less one interval', () => {
    const lines = [answered(1, 10_000), answered(2, 10_200), answered(7, 11_228), answered(9, 11_650)];

    expect(countOutage(lines, watch)).toEqual({ answered: 4, asked: 9, lost: 5, longestMs: 828 });
  });

  it('does not take a slow moment for an outage when the loss was elsewhere', () => {
    const lines = [answered(1, 10_000), answered(2, 14_000), answered(4, 14_500)];

    expect(countOutage(lines, watch)).toMatchObject({ lost: 1, longestMs: 300 });
  });

  it('counts from the beginning when the first answer came late', () => {
    expect(countOutage([unanswered(1, 10_200), answered(3, 10_405)], watch)).toMatchObject({
      lost: 2,
      longestMs: 205,
    });
  });

  it('counts to the end when the machine does not come back', () => {
    const lines = [answered(1, 10_000), unanswered(2, 10_400), unanswered(3, 10_600)];

    expect(countOutage(lines, watch)).toEqual({ answered: 1, asked: 3, lost: 2, longestMs: 9_800 });
  });

  it('leaves a question out that was asked less than a second before the end', () => {
    const lines = [answered(1, 19_000), unanswered(2, 19_201)];

    expect(countOutage(lines, watch)).toEqual({ answered: 1, asked: 2, lost: 0, longestMs: 0 });
    expect(countOutage([answered(1, 19_000), unanswered(2, 19_200)], watch)).toMatchObject({ lost: 1 });
  });

  it('knows by the first word when a question was asked that ping speaks of again and again', () => {
    const lines = [answered(1, 10_000), unanswered(2, 18_000), unanswered(2, 19_900)];

    expect(countOutage(lines, watch)).toMatchObject({ asked: 2, lost: 1 });
  });

  it('never counts more lost than asked, nor a time below nothing', () => {
    const line = fc.record({
      kind: fc.constantFrom('answered' as const, 'unanswered' as const),
      sequence: fc.integer({ min: 1, max: 40 }),
      at: fc.integer({ min: 0, max: 30_000 }),
    });

    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { asked, lost, longestMs, answered: came } = countOutage(lines, watch);

        expect(lost >= 0 && lost + came <= asked && longestMs >= 0).toBe(true);
        expect(lost > 0 || longestMs === 0).toBe(true);
      }),
    );
  });
});
