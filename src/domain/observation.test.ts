import { describe, expect, it } from 'vitest';
import { SourceError } from './error.ts';
import { notObservable, observed, seenValue } from './observation.ts';

const where = { source: 'a file', at: '2026-01-01T00:00:00.000Z' };

describe('an observation', () => {
  it('is of a value, or of its absence', () => {
    expect(observed('alpha', where)).toEqual({ seen: 'value', value: 'alpha', ...where });
    expect(observed(0, where)).toEqual({ seen: 'value', value: 0, ...where });
    expect(observed('', where)).toEqual({ seen: 'empty', ...where });
    expect(observed(undefined, where)).toEqual({ seen: 'empty', ...where });
  });

  it('takes over no more than place and time from another one', () => {
    const other = observed('beta', where);

    expect(observed(undefined, other)).toEqual({ seen: 'empty', ...where });
  });

  it('tells "could not look" from "is absent", and why', () => {
    const seen = notObservable(new SourceError('timeout', 'dnsmasq', 'late'), where);

    expect(seen).toEqual({ seen: 'not-observable', code: 'timeout', why: 'late', ...where });
    expect(notObservable(new Error('odd'), where)).toMatchObject({ code: 'internal', why: 'odd' });
  });

  it('gives its value only when there is one', () => {
    expect(seenValue(observed('alpha', where))).toBe('alpha');
    expect(seenValue(observed<string>(undefined, where))).toBeUndefined();
    expect(seenValue<string>(notObservable(new Error('x'), where))).toBeUndefined();
  });
});
