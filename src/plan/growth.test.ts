import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedAtOnce } from './growth.ts';

describe('allowedAtOnce', () => {
  it('lets one guest begin, then 2, 4, 8 as those were proven', () => {
    const proven = [0, 1, 2, 3, 6, 7, 14, 15];

    expect(proven.map((each) => allowedAtOnce(each, 64))).toEqual([1, 2, 2, 4, 4, 8, 8, 16]);
  });

  it('never goes beyond the bound, and never below one', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(64), (proven, bound) => {
        const allowed = allowedAtOnce(proven, bound);

        expect(allowed).toBeGreaterThanOrEqual(1);
        expect(allowed).toBeLessThanOrEqual(Math.max(1, bound));
      }),
    );
  });
});
