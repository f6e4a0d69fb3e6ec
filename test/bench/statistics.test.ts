import { describe, expect, it } from 'vitest';
import { median } from '../../bench/statistics.ts';

describe('median', () => {
  it.each([
    [[5], 5],
    [[9, 1, 5], 5],
    [[10, 1, 2, 3], 2.5],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it('leaves the values as they are', () => {
    const values = [3, 1, 2];
    median(values);

    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses nothing', () => {
    expect(() => median([])).toThrow(/nothing/);
  });
});
