import { describe, expect, it } from 'vitest';
import { SourceError } from '../domain/error.ts';
import { failureIn } from './end-of-run.ts';

const error = new SourceError('unreachable', 'ssh', 'no session');

describe('failureIn', () => {
  it('hands an error on while the run goes on', () => {
    expect(failureIn(new AbortController().signal, error)).toBe(error);
  });

  it.each([
    [new DOMException('over', 'TimeoutError'), 'timeout'],
    [new DOMException('SIGINT', 'AbortError'), 'cancelled'],
    ['no error at all', 'cancelled'],
  ])('says that the run is over before what a source makes of it (%s)', (reason, code) => {
    expect(failureIn(AbortSignal.abort(reason), error)).toMatchObject({ code, cause: error });
  });
});
