import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Address } from '../../domain/address.ts';
import { type RunProcess, runProcess } from '../../lib/process.ts';
import { reachability } from './reachability.ts';

// A namespace of the test's own: `nic` has an address that can be taken away, and nobody is at the other end.
const namespace = `truename-ping-${process.pid}`;
const own = '10.99.3.1' as Address;
const { signal } = new AbortController();

const inside: RunProcess = (file, args, options) =>
  runProcess('ip', ['netns', 'exec', namespace, file, ...args], options);
const ip = (...args: string[]) => execa('ip', ['-n', namespace, ...args]);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function left(): Promise<string> {
  return (await execa('ip', ['netns', 'pids', namespace])).stdout;
}

beforeAll(async () => {
  await execa('ip', ['netns', 'add', namespace]);
  await ip('link', 'add', 'name', 'nic', 'type', 'veth', 'peer', 'name', 'far');
  await ip('address', 'add', `${own}/24`, 'dev', 'nic');
  for (const device of ['lo', 'nic', 'far']) await ip('link', 'set', device, 'up');
});

afterAll(() => execa('ip', ['netns', 'delete', namespace]));

describe('reachability by the real ping', () => {
  it('loses nothing of a machine that answers', async () => {
    const watch = await reachability(runProcess).watch('127.0.0.1' as Address, signal);
    await pause(1500);

    const outage = await watch.stop();

    expect(outage).toMatchObject({ seen: true, lost: 0, longestMs: 0 });
    expect(outage.seen && outage.asked).toBeGreaterThan(15);
  });

  it('asks as an unprivileged user may', async () => {
    const asNobody: RunProcess = (file, args, options) =>
      runProcess('setpriv', ['--reuid=65534', '--clear-groups', file, ...args], options);
    const watch = await reachability(asNobody, { root: false }).watch('127.0.0.1' as Address, signal);
    await pause(500);

    expect(await watch.stop()).toMatchObject({ seen: true, lost: 0 });
  });

  it('measures how long an address was away', async () => {
    const watch = await reachability(inside).watch(own, signal);
    await pause(500);
    await ip('address', 'del', `${own}/24`, 'dev', 'nic');
    await pause(1000);
    await ip('address', 'add', `${own}/24`, 'dev', 'nic');
    await pause(500);

    const outage = await watch.stop();

    expect(outage).toMatchObject({ seen: true });
    if (!outage.seen) return;
    expect(outage.lost).toBeGreaterThan(5);
    expect(outage.longestMs).toBeGreaterThan(800);
    expect(outage.longestMs).toBeLessThan(1600);
  });

  it('goes on when the network says that nobody is there, and tells that none answered', async () => {
    const watch = await reachability(inside).watch('10.99.3.7' as Address, signal);
    await pause(4500);
    expect(await left()).not.toBe('');

    expect(await watch.stop()).toEqual({
      seen: false,
      why: expect.stringMatching(/answered none of \d+ questions/),
    });
    expect(await left()).toBe('');
  });

  it('tells that there is no way to the address', async () => {
    const watch = await reachability(inside).watch('203.0.113.1' as Address, signal);

    expect(await watch.stop()).toEqual({ seen: false, why: expect.stringContaining('unreachable') });
  });

  it('tells that ping is missing', async () => {
    const nowhere: RunProcess = (file, args, options) =>
      runProcess(`${file}-that-is-not-there`, args, options);
    const watch = await reachability(nowhere).watch(own, signal);

    expect(await watch.stop()).toEqual({ seen: false, why: expect.stringContaining('not installed') });
  });

  it('starts nothing in a run that is over, and leaves nothing behind when the run ends', async () => {
    const over = await reachability(inside).watch(own, AbortSignal.abort());
    expect(await over.stop()).toMatchObject({ seen: false });

    const run = new AbortController();
    const watch = await reachability(inside).watch(own, run.signal);
    run.abort();
    await watch.stop();

    expect(await left()).toBe('');
  });
});
