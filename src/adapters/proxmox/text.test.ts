import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { undoLatin1 } from './text.ts';

describe('undoLatin1', () => {
  it('gives back what the program wrote, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (written) => {
        const asProxmoxSendsIt = Buffer.from(written, 'utf8').toString('latin1');

        expect(undoLatin1(asProxmoxSendsIt)).toBe(written.toWellFormed());
      }),
    );
  });

  it('leaves text that was encoded once as it is', () => {
    expect(undoLatin1('Zürich €')).toBe('Zürich €');
    expect(undoLatin1('Zürich')).toBe('Zürich');
  });
});
