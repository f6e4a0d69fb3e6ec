import { describe, expect, it } from 'vitest';
import { isYes } from './set-up.mjs';

describe('isYes', () => {
  it.each(['', 'y', 'Y', 'yes', ' YES '])('%j agrees', (answer) => {
    expect(isYes(answer)).toBe(true);
  });

  it.each(['n', 'no', 'yesterday', '?'])('%j does not', (answer) => {
    expect(isYes(answer)).toBe(false);
  });
});
