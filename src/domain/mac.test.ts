import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMac } from './mac.ts';

describe('parseMac', () => {
  it('folds case, hyphens and surrounding space', () => {
    const bytes = fc.uint8Array({ minLength: 6, maxLength: 6 });

    fc.assert(
      fc.property(bytes, fc.boolean(), fc.constantFrom(':', '-'), (address, upper, separator) => {
        const pairs = [...address].map((byte) => byte.toString(16).padStart(2, '0'));
        const text = pairs.join(separator);

        expect(parseMac(` ${upper ? text.toUpperCase() : text}\n`)).toBe(pairs.join(':'));
      }),
    );
  });

  it.each([
    '',
    'bc:24:11:00:00',
    'bc:24:11:00:00:01:02',
    'bc:24:11:00:00:0g',
    'bc2411000001',
    'b:24:11:0:0:1',
  ])('refuses %j', (text) => {
    expect(parseMac(text)).toBeUndefined();
  });
});
