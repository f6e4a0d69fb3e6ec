import { describe, expect, it } from 'vitest';
import { isRun, newRun } from './run-id.ts';

describe('newRun', () => {
  it.each([
    [0, '20261126-013000-0000'],
    [0.248_2, '20261126-013000-3f8a'],
    [0.999_999_9, '20261126-013000-ffff'],
  ])('is the time, UTC, and four digits by chance (%d)', (chance, run) => {
    expect(newRun(new Date('2026-11-26T01:30:00.999Z'), () => chance)).toBe(run);
  });

  it('is a run', () => {
    expect(isRun(newRun(new Date(0)))).toBe(true);
  });
});

describe('isRun', () => {
  it.each([
    '',
    '20261126-013000-3F8A',
    '20261126-013000-3f8a\n',
    '../20261126-013000-3f8a',
    '20261126-013000-3f8aa',
  ])('is false for %j', (text) => {
    expect(isRun(text)).toBe(false);
  });
});
