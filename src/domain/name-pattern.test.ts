import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHostname } from './name.ts';
import { namesOfPattern } from './name-pattern.ts';

describe('namesOfPattern', () => {
  it('counts from 1, with leading zeros where they are asked for', () => {
    expect(namesOfPattern('web-%02d', 3)).toEqual({ names: ['web-01', 'web-02', 'web-03'] });
    expect(namesOfPattern('%dth', 2)).toEqual({ names: ['1th', '2th'] });
    expect(namesOfPattern('web-%02d', 100)).toMatchObject({ names: expect.arrayContaining(['web-100']) });
  });

  it.each([
    'web',
    'web-%s',
    'web-%d-%d',
    '%%d',
    'web-%2d',
    'web-%-2d',
    'web_%d',
    'a.%d',
    '-%d',
    'web-%0d',
    '',
  ])('refuses %j', (pattern) => {
    expect(namesOfPattern(pattern, 2)).toHaveProperty('why');
  });

  it.each([0, -1, 1.5, 1001, Number.NaN])('refuses to make %s', (count) => {
    expect(namesOfPattern('web-%d', count)).toHaveProperty('why');
  });

  it('gives as many different legal names as asked for, or none', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 60 }), (pattern, count) => {
        const made = namesOfPattern(pattern, count);
        if ('why' in made) return;
        expect(new Set(made.names).size).toBe(count);
        expect(made.names.every((name) => parseHostname(name) !== undefined)).toBe(true);
      }),
    );
  });
});
