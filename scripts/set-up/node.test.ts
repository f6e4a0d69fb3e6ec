import { describe, expect, it } from 'vitest';
import { isAtLeast, oldestNode } from './node.mjs';

describe('isAtLeast', () => {
  it.each([
    ['v22.19.0', '22.19', true],
    ['v22.19.0', '22.19.0', true],
    ['v22.20.1', '22.19', true],
    ['v24.0.0', '22.19', true],
    ['v22.9.0', '22.19', false],
    ['v22.18.9', '22.19', false],
    ['v20.20.2', '22.19', false],
    ['v22.19.0-nightly', '22.19', true],
    ['', '22.19', false],
  ])('%s against %s: %s', (version, wanted, expected) => {
    expect(isAtLeast(version, wanted)).toBe(expected);
  });
});

describe('oldestNode', () => {
  it('reads a plain version from package.json', () => {
    expect(oldestNode()).toMatch(/^\d+\.\d+$/);
  });
});
