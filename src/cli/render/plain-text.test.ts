import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('plainText', () => {
  it('lets no control character and no direction override through but the newline', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainText(text).replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u,
        );
      }),
    );
  });

  it.each([
    ['\u001b[2J', '\\u{1b}[2J'],
    ['a\rb\tc', 'a\\u{d}b\\u{9}c'],
    ['\u009b31m', '\\u{9b}31m'],
    ['\u202egpj.exe', '\\u{202e}gpj.exe'],
    ['\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  ])('shows %j as %j', (text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  it('leaves all else as it is', () => {
    expect(plainText('Zürich 漢字 \u{1f600} "$(id)"\nnext')).toBe('Zürich 漢字 \u{1f600} "$(id)"\nnext');
  });
});
