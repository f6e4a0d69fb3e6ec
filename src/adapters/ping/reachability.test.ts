import { describe, expect, it } from 'vitest';
import type { Address } from '../../domain/address.ts';
import type { ProcessOptions, ProcessResult, RunProcess } from '../../lib/process.ts';
import { reachability } from './reachability.ts';

const address = '10.2.10.5' as Address;
const { signal } = new AbortController();
const header = 'PING 10.2.10.5 (10.2.10.5) 56(84) bytes of data.';
const answers = [1, 2, 5].map(
  (n) => `[10${n}.000000] 64 bytes from 10.2.10.5: icmp_seq=${n} ttl=64 time=0.1 ms`,
);
const cancelled = { exitCode: undefined, stdout: '', stderr: '', ended: 'cancelled' } as const;

interface Started {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: ProcessOptions;
  end(result: ProcessResult): void;
}

/** A ping that says what the test lets it say, and ends when it is cancelled or told to. */
function handPlayed(lines: readonly string[] = []) {
  const started: Started[] = [];
  const run: RunProcess = (file, args, options) => {
    const { promise, resolve } = Promise.withResolvers<ProcessResult>();
    started.push({ file, args, options, end: resolve });
    options.signal.addEventListener('abort', () => resolve(cancelled));
    for (const line of lines) options.onLine?.(line);
    return promise;
  };
  return { run, started };
}

function ended(result: Partial<ProcessResult>): RunProcess {
  return async () => ({ ...cancelled, exitCode: 2, ended: 'exit', ...result });
}

describe('reachability', () => {
  it('counts what was lost until it is stopped, and ends ping', async () => {
    const { run, started } = handPlayed([header, ...answers]);
    const watch = await reachability(run, { root: false, now: () => 105_100 }).watch(address, signal);

    const outage = await watch.stop();

    expect(outage).toEqual({ seen: true, asked: 5, lost: 2, longestMs: 2_800 });
    expect(started[0]?.options.signal.aborted).toBe(true);
    expect(await watch.stop()).toBe(outage);
  });

  it.each([
    [true, '0.05', '12000'],
    [false, '0.2', '3000'],
  ])('asks as often as ping lets (root: %s), for ten minutes at most', async (root, interval, count) => {
    const { run, started } = handPlayed(answers);
    await (await reachability(run, { root }).watch(address, signal)).stop();

    const options = ['-n', '-D', '-O', '-i', interval, '-W', '1', '-c', count];
    expect(started).toMatchObject([
      { file: 'ping', args: [...options, address], options: { timeoutMs: 600_000, env: { LC_ALL: 'C' } } },
    ]);
  });

  it('begins when ping has said something of the address, and not before', async () => {
    const { run, started } = handPlayed([header]);
    let begun = false;
    const watch = reachability(run).watch(address, signal);
    const watching = watch.then(() => {
      begun = true;
    });
    await new Promise(setImmediate);
    expect(begun).toBe(false);

    started[0]?.options.onLine?.('[100.000000] no answer yet for icmp_seq=1');

    await watching;
    expect(await (await watch).stop()).toEqual({
      seen: false,
      why: '10.2.10.5 answered none of 1 questions',
    });
  });

  it('counts to the moment in which ping ended, not to that in which it was asked for the result', async () => {
    let time = 100_000;
    const silent = [3, 4].map((n) => `[10${n}.000000] no answer yet for icmp_seq=${n}`);
    const { run, started } = handPlayed([...answers.slice(0, 2), ...silent]);
    const watch = await reachability(run, { root: false, now: () => time }).watch(address, signal);
    time = 110_000;
    started[0]?.end({ ...cancelled, ended: 'timeout' });
    await new Promise(setImmediate);
    time = 900_000;

    expect(await watch.stop()).toEqual({ seen: true, asked: 4, lost: 2, longestMs: 7_800 });
  });

  it('ends with the run', async () => {
    const stop = new AbortController();
    const { run, started } = handPlayed(answers.slice(0, 2));
    const watch = await reachability(run).watch(address, stop.signal);

    stop.abort();

    expect(started[0]?.options.signal.aborted).toBe(true);
    expect(await watch.stop()).toMatchObject({ seen: true, lost: 0 });
  });

  it.each<[string, Partial<ProcessResult>, string]>([
    ['ping is missing', { ended: 'not-found' }, 'not installed'],
    [
      'there is no way to it',
      { stderr: 'ping: connect: Network is unreachable\n' },
      'ping: connect: Network is',
    ],
    ['ping is another one', { stderr: 'BusyBox v1.36\ninvalid option -- D' }, 'ping: BusyBox v1.36 invalid'],
    ['ping says too much', { stderr: 'x'.repeat(9_999) }, 'ping: xxx'],
    ['ping says nothing', {}, 'was not asked'],
  ])('tells why nothing was seen when %s', async (_what, result, why) => {
    const outage = await (await reachability(ended(result)).watch(address, signal)).stop();

    expect(outage).toEqual({ seen: false, why: expect.stringContaining(why) });
    expect(JSON.stringify(outage).length).toBeLessThan(300);
  });
});
