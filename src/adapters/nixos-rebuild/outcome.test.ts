import { describe, expect, it } from 'vitest';
import { readOutcome, tail } from './outcome.ts';

describe('readOutcome', () => {
  it.each([
    [0, 'switched'],
    [2, 'not-activated'],
    [4, 'units-failed'],
    [100, 'reboot-required'],
    [1, 'not-built'],
    [255, 'connection-lost'],
    [137, 'out-of-memory'],
    [247, 'out-of-memory'],
  ])('reads the exit code %i as %s', (exitCode, result) => {
    expect(readOutcome(exitCode, ['last'])).toEqual({ result, exitCode, tail: ['last'] });
  });
});

describe('tail', () => {
  it('keeps the last thirty lines', () => {
    const last = tail();
    for (let n = 1; n <= 100; n += 1) last.add(String(n));

    expect(last.lines()).toHaveLength(30);
    expect([last.lines()[0], last.lines()[29]]).toEqual(['71', '100']);
  });
});
