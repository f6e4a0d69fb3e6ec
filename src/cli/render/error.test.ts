import { describe, expect, it } from 'vitest';
import { TruenameError } from '../../domain/error.ts';
import { renderError } from './error.ts';

describe('renderError', () => {
  it('says what happened, where, and what to do next', () => {
    expect(
      renderError(new TruenameError('vm-locked', 'it is locked', { where: 'VM 610', hint: 'Wait.' })),
    ).toEqual(['error vm-locked: it is locked (VM 610)', '  Wait.']);
    expect(renderError(new TruenameError('internal', 'odd'))).toEqual(['error internal: odd']);
  });

  it('shows what others wrote without doing what it says', () => {
    const evil = '\u001b]0;title\u0007\u202e';

    expect(
      renderError(new TruenameError('internal', evil, { where: evil, hint: evil })).join(''),
    ).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});
