import { describe, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/support/fake-clock.ts';
import { blind, type SnapshotChanges, snapshot } from '../../test/support/sample-snapshot.ts';
import { SourceError } from '../domain/error.ts';
import type { Hostname } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';
import type { DhcpServer, Liveness } from '../domain/ports.ts';
import type { Remedy } from '../domain/remedy.ts';
import { ladder } from '../plan/ladder.ts';
import { type Climb, climb } from './climb.ts';

const alive: Liveness = { alive: true, sign: 'test' };
const wrong: SnapshotChanges = { lease: { name: 'template' } };
/** A renewal that the server answered, and that left the old name. */
const renewedWrong: SnapshotChanges = { lease: { name: 'template', expiresAt: '2026-01-01T13:00:20.000Z' } };
const right: SnapshotChanges = {};

interface Scene {
  readonly clock: FakeClock;
  readonly applied: string[];
  readonly told: string[];
  /** How often the machine was looked at. */
  looks: number;
  /** What is seen from now on. */
  now: SnapshotChanges;
}

/** A climb in which each rung has the effect that is given for its kind. */
function scene(
  first: SnapshotChanges,
  effects: Partial<Record<Remedy['kind'], SnapshotChanges>>,
  life: Liveness | Error = alive,
): { scene: Scene; work: Climb } {
  const made: Scene = { clock: fakeClock(), applied: [], told: [], looks: 0, now: first };
  const dhcpServer: DhcpServer = {
    id: 'dnsmasq',
    leases: () => Promise.reject(new Error('not asked here')),
    async alive() {
      if (life instanceof Error) throw life;
      return life;
    },
  };
  const { signal } = new AbortController();
  const work: Climb = {
    async observe() {
      made.looks += 1;
      made.clock.advance(50);
      return snapshot(made.now);
    },
    ladder: (seen) => ladder(seen, 'alpha'),
    async apply(remedy) {
      made.applied.push(remedy.kind);
      made.now = effects[remedy.kind] ?? made.now;
    },
    onRung: (remedy) => made.told.push(remedy.kind),
    dhcpServer,
    sleep: (ms) => made.clock.sleep(ms, signal),
    elapsed: made.clock.elapsed,
    signal,
  };
  return { scene: made, work };
}

describe('climb', () => {
  it('does nothing where nothing is to do, and does not even ask the server', async () => {
    const { scene: made, work } = scene(right, {}, new Error('asked'));

    expect((await climb(work)).taken).toEqual([]);
    expect([made.applied, made.looks]).toEqual([[], 1]);
  });

  it('ends with the rung after which the lease is right, as soon as it is seen', async () => {
    const { scene: made, work } = scene(wrong, { 'refresh-static-name': right });

    const { taken, snapshot: last } = await climb(work);

    expect(taken.map(({ kind }) => kind)).toEqual(['refresh-static-name']);
    expect(last.lease).toMatchObject({ value: { lease: { name: 'alpha' } } });
    expect([made.applied, made.told, made.looks]).toEqual([
      ['refresh-static-name'],
      ['refresh-static-name'],
      2,
    ]);
  });

  it('takes each rung once, in order, as long as the server answers', async () => {
    const later: SnapshotChanges = { lease: { name: 'template', expiresAt: '2026-01-01T13:00:40.000Z' } };
    const last: SnapshotChanges = { lease: { name: 'template', expiresAt: '2026-01-01T13:00:50.000Z' } };
    const { scene: made, work } = scene(wrong, {
      'refresh-static-name': renewedWrong,
      'force-renewal': later,
      'activate-connection': last,
    });

    const { taken } = await climb(work);

    expect(taken.map(({ kind }) => kind)).toEqual([
      'refresh-static-name',
      'force-renewal',
      'activate-connection',
    ]);
    expect(made.applied).toEqual(made.told);
  });

  it('gives an answered renewal some time before the next rung: DNS and table may follow late', async () => {
    const { scene: made, work } = scene(wrong, {
      'refresh-static-name': renewedWrong,
      'force-renewal': right,
    });

    await climb(work);

    expect(made.applied).toEqual(['refresh-static-name', 'force-renewal']);
    expect(made.clock.elapsed()).toBeGreaterThan(2500);
  });

  it.each<[string, Liveness | Error, string]>([
    ['is not alive', { alive: false, why: 'no dnsmasq process runs' }, 'dhcp-server-silent'],
    ['cannot be asked', new SourceError('unreachable', 'ssh', 'no session'), 'unreachable'],
  ])('asks nothing of the guest when the server %s', async (_what, life, code) => {
    const { scene: made, work } = scene(wrong, {}, life);

    await expect(climb(work)).rejects.toMatchObject({ code });
    expect([made.applied, made.told]).toEqual([[], []]);
  });

  it('stops when a renewal stays without an answer for five seconds', async () => {
    const { scene: made, work } = scene(wrong, {});

    await expect(climb(work)).rejects.toMatchObject({
      name: 'TruenameError',
      code: 'renewal-unanswered',
      where: 'dnsmasq',
    });
    expect(made.applied).toEqual(['refresh-static-name']);
    expect(made.clock.elapsed()).toBeGreaterThan(5000);
    expect(made.clock.elapsed()).toBeLessThan(6000);
  });

  it('sees an answer that comes late, and climbs no further', async () => {
    const { scene: made, work } = scene(wrong, {});
    const sleep = async (ms: number) => {
      await work.sleep(ms);
      if (made.clock.elapsed() > 4000) made.now = right;
    };

    expect((await climb({ ...work, sleep })).taken).toHaveLength(1);
  });

  it.each<[string, SnapshotChanges]>([
    ['the leases', { lease: blind() }],
    ['the guest', { ...wrong, guest: blind() }],
  ])('does not take a failed look at %s for success', async (_what, unread) => {
    const { scene: made, work } = scene(wrong, { 'refresh-static-name': unread });

    await expect(climb(work)).rejects.toMatchObject({ code: 'renewal-unanswered' });
    expect(made.applied).toEqual(['refresh-static-name']);
  });

  it('asks no server for a rung that asks none', async () => {
    const { scene: made, work } = scene(wrong, {}, new Error('asked'));
    const gentle: Remedy = {
      kind: 'force-renewal',
      client: 'network-manager',
      device: 'ens18',
      disruption: 'none',
      reach: 'guest',
      lasts: 'request',
    };

    await climb({ ...work, ladder: () => [gentle] });

    expect(made.applied).toEqual(['force-renewal']);
  });

  it('tells the ladder which rungs were taken, also while it waits for an answer', async () => {
    const { work } = scene(wrong, { 'refresh-static-name': renewedWrong, 'force-renewal': right });
    const told: string[] = [];

    await climb({
      ...work,
      ladder(seen, taken) {
        told.push(taken.map(({ kind }) => kind).join(' '));
        return work.ladder(seen, taken);
      },
    });

    expect([...new Set(told)]).toEqual(['', 'refresh-static-name', 'refresh-static-name force-renewal']);
  });

  it('takes the rung that makes sense after those that were taken', async () => {
    const { work } = scene(wrong, {});
    const name = 'alpha' as Hostname;
    const gentle = { disruption: 'none', reach: 'guest', lasts: 'always' } as const;
    const first: Remedy = { kind: 'set-static-name', name, was: '', ...gentle };
    const other: Remedy = { kind: 'set-transient-name', name, was: '', ...gentle };

    const { taken } = await climb({
      ...work,
      ladder: (_seen, done) => (done.length === 0 ? [first, other] : [first]),
    });

    expect(taken).toEqual([first]);
  });

  it('hands a rung what was seen last, and tells what was read back and how long both took', async () => {
    const { scene: made, work } = scene(wrong, { 'refresh-static-name': right });
    const before: unknown[] = [];
    const readBack: unknown[] = [];

    await climb({
      ...work,
      async apply(remedy, seen) {
        before.push(seenValue(seen.lease)?.lease.name);
        made.clock.advance(200);
        await work.apply(remedy, seen);
      },
      onReadBack: ({ kind }, seen, ms) => readBack.push([kind, seenValue(seen.lease)?.lease.name, ms]),
    });

    expect(before).toEqual(['template']);
    expect(readBack).toEqual([['refresh-static-name', 'alpha', 250]]);
  });

  it('tells nothing of a rung that was not answered as read back', async () => {
    const { work } = scene(wrong, {});
    const readBack: string[] = [];

    const climbing = climb({ ...work, onReadBack: ({ kind }) => readBack.push(kind) });

    await expect(climbing).rejects.toMatchObject({ code: 'renewal-unanswered' });
    expect(readBack).toEqual([]);
  });

  it.each([
    ['as long as it may boot', 60_000, 30_000, true],
    ['no longer', 20_000, 30_000, false],
    ['as long as for any renewal where nothing is said', undefined, 4000, true],
  ])('waits for a restarted guest %s', async (_what, bootMs, upAfter, isSeen) => {
    const { scene: made, work } = scene(wrong, {});
    const restart: Remedy = { kind: 'reboot-guest', disruption: 'reboot', reach: 'guest', lasts: 'request' };
    const sleep = async (ms: number) => {
      made.now = made.clock.elapsed() < upAfter ? { guest: blind(), lease: blind() } : right;
      await work.sleep(ms);
    };
    const restarting = climb({
      ...work,
      sleep,
      ...(bootMs === undefined ? {} : { bootMs }),
      ladder: (seen) => (work.ladder(seen, []).length === 0 ? [] : [restart]),
    });

    if (isSeen) expect((await restarting).taken).toEqual([restart]);
    else
      await expect(restarting).rejects.toMatchObject({ message: expect.stringContaining('20 s') as unknown });
  });

  it('ends with the run', async () => {
    const { work } = scene(wrong, {});
    const sleep = () => Promise.reject(new DOMException('stop', 'AbortError'));

    await expect(climb({ ...work, sleep })).rejects.toThrow('stop');
  });
});
