import { describe, expect, it } from 'vitest';
import { at } from '../../test/support/sample-snapshot.ts';
import { SourceError } from '../domain/error.ts';
import { attempt } from './attempt.ts';

const now = () => at;
const running = new AbortController().signal;

describe('attempt', () => {
  it.each([
    ['a value', 'alpha', 'value'],
    ['nothing', undefined, 'empty'],
    ['an empty text', '', 'empty'],
  ])('tells %s', async (_what, value, seen) => {
    expect(await attempt('here', now, running, async () => value)).toMatchObject({
      seen,
      source: 'here',
      at,
    });
  });

  it('takes a failure for not having looked, and keeps its code', async () => {
    const look = () => Promise.reject(new SourceError('unreachable', 'dns', 'no answer'));

    expect(await attempt('here', now, running, look)).toMatchObject({
      seen: 'not-observable',
      code: 'unreachable',
      why: 'no answer',
    });
  });

  it('says of a look that took too long that its time was over', async () => {
    const look = () => Promise.reject(new DOMException('late', 'TimeoutError'));

    expect(await attempt('here', now, running, look)).toMatchObject({ code: 'timeout' });
  });

  it('says so too where the source speaks of an interruption, and keeps what it says within the time', async () => {
    const stopped = () => Promise.reject(new SourceError('cancelled', 'ssh', 'the run was interrupted'));
    const over = () => AbortSignal.abort(new DOMException('late', 'TimeoutError'));

    expect(await attempt('here', now, running, stopped, over)).toMatchObject({ code: 'timeout' });
    expect(await attempt('here', now, running, stopped)).toMatchObject({ code: 'cancelled' });
  });

  it('hands on the signal that ends with its time', async () => {
    const until = new AbortController().signal;

    const given = await attempt(
      'here',
      now,
      running,
      async (signal) => ({ signal }),
      () => until,
    );

    expect(given).toMatchObject({ value: { signal: until } });
  });

  it('ends with an interrupted run', async () => {
    const interrupted = AbortSignal.abort(new Error('stop'));

    await expect(attempt('here', now, interrupted, () => Promise.reject(new Error('any')))).rejects.toThrow(
      'stop',
    );
  });
});
