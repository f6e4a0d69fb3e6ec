import { describe, expect, it } from 'vitest';
import { readFailure } from './query-error.ts';

function failure(code: string) {
  return readFailure(Object.assign(new Error(code), { code }), 'resolver a');
}

describe('readFailure', () => {
  it.each(['ENOTFOUND', 'ENODATA'])('reads %s as absence', (code) => {
    expect(failure(code)).toBeUndefined();
  });

  it.each([
    ['ECANCELLED', 'cancelled'],
    ['ETIMEOUT', 'timeout'],
    ['ECONNREFUSED', 'unreachable'],
    ['ESERVFAIL', 'bad-response'],
    ['EREFUSED', 'bad-response'],
    ['ESOMETHING', 'bad-response'],
  ])('never reads %s as absence', (code, expected) => {
    expect(failure(code)).toMatchObject({ name: 'SourceError', code: expected, source: 'resolver a' });
  });
});
