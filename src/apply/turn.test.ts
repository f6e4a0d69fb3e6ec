import { describe, expect, it } from 'vitest';
import { networkdClient } from '../../test/support/client-states.ts';
import type { GivenGuest } from '../../test/support/fix-guest.ts';
import { otherRun } from '../../test/support/fix-memory.ts';
import { template } from '../../test/support/fix-run.ts';
import { policy } from '../../test/support/fix-subject.ts';
import { deeds, type FixWorld, type FixWorldChanges, fixWorld } from '../../test/support/fix-world.ts';
import { client } from '../../test/support/sample-snapshot.ts';
import { SourceError } from '../domain/error.ts';
import { planGuest } from './plan-guest.ts';
import type { Planned } from './planned.ts';
import { mendInTurn } from './turn.ts';

const { signal } = new AbortController();
const wrong: GivenGuest = { vmid: 610, name: 'alpha', lease: 'template' };
const lock = 'truename-vm-610-uuid-610';

interface Scene extends FixWorld {
  readonly planned: Planned;
  turn(): ReturnType<typeof mendInTurn>;
}

/** A guest whose turn is about to come. */
async function scene(given: GivenGuest, changes: FixWorldChanges = {}): Promise<Scene> {
  const world = fixWorld([given], { beside: [template], ...changes });
  const { sources, inventory, emit } = world;
  const guest = world.guest(610).summary;
  const planned = await planGuest(
    sources,
    { guest, named: false, inventory, policy: policy() },
    emit,
    signal,
  );
  world.log.length = 0;
  const turn = () => mendInTurn(sources, planned, { policy: policy(), emit, signal });
  return { ...world, planned, turn };
}

function fails(error: Error): FixWorldChanges {
  return {
    apply: () => {
      throw error;
    },
  };
}

describe('mendInTurn', () => {
  it('mends, proves, and lets the fleet grow', async () => {
    const { turn, log } = await scene(wrong);

    const { result, ...told } = await turn();

    expect(told).toEqual({ proven: true });
    expect(result).toMatchObject({ outcome: 'mended', why: 'proven, now and for the next boot', advice: [] });
    expect([deeds({ log })[0], deeds({ log }).at(-1)]).toEqual([`lock ${lock}`, `unlock ${lock}`]);
  });

  it.each<[string, FixWorldChanges, string]>([
    ['a rung fails', fails(new SourceError('command-failed', 'nmcli', 'refused')), 'command-failed'],
    ['Truename itself is at fault', fails(new TypeError('undefined')), 'internal'],
    ['the server is silent', { alive: async () => ({ alive: false, why: 'gone' }) }, 'dhcp-server-silent'],
    [
      'nobody can ask the server',
      { alive: () => Promise.reject(new SourceError('timeout', 'ssh', 'late')) },
      'timeout',
    ],
  ])('lets the fleet go on and gives the lock back when %s', async (_what, changes, code) => {
    const { turn, log, memory } = await scene(wrong, changes);

    const { result, ...told } = await turn();

    expect(told).toEqual({ proven: false });
    expect(result).toMatchObject({ outcome: 'failed', error: { code }, why: result.error?.message });
    expect(deeds({ log }).at(-1)).toBe(`unlock ${lock}`);
    expect(memory.held.size).toBe(0);
  });

  it('stops the fleet when a renewal stays without an answer, and says whose', async () => {
    const { turn, memory } = await scene(wrong, { apply: () => undefined });

    const { result, ...told } = await turn();

    expect(told).toEqual({
      proven: false,
      stop: 'alpha (610): the renewal (refresh-static-name) was not answered within 5 s',
    });
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'renewal-unanswered' } });
    expect(memory.held.size).toBe(0);
  });

  it('leaves a guest alone that another run works on, and says which and since when', async () => {
    const { turn, log, memory } = await scene(wrong);
    memory.held.set(lock, otherRun);

    const { result, proven } = await turn();

    expect(proven).toBe(false);
    expect(result.error).toMatchObject({
      code: 'busy',
      message: 'run 20260101-110000-abcd works on it since 2026-01-01T11:00:00.000Z (process 4711 on cicd)',
    });
    expect(log).toEqual([]);
    expect(memory.held.get(lock)).toBe(otherRun);
  });

  it('says what was done before it failed', async () => {
    const host = { static: 'template', believedStatic: 'template', transient: 'template' };
    const { turn } = await scene(
      { ...wrong, debian: true, host },
      {
        apply(remedy, guest) {
          if (remedy.kind !== 'set-static-name') throw new SourceError('command-failed', 'nmcli', 'refused');
          guest.view = {
            ...guest.view,
            host: { static: 'alpha', believedStatic: 'alpha', transient: 'alpha' },
          };
        },
      },
    );

    const { result } = await turn();

    expect(result).toMatchObject({
      outcome: 'failed',
      taken: [{ remedy: { kind: 'set-static-name' }, lease: 'template' }, { lease: null }],
      after: { guest: { value: { host: { static: 'alpha' } } } },
      outage: { seen: true },
    });
  });

  it('says that a name in force is not one that lasts, and how it would', async () => {
    const host = { static: 'template', believedStatic: 'template', transient: 'template' };
    const profile = client({
      connection: { uuid: 'u', id: 'i', file: '/run/NetworkManager/x', storage: 'run' },
    });
    const { turn } = await scene({ ...wrong, host, client: profile, declared: 'template' });

    const { result, proven } = await turn();

    expect(proven).toBe(true);
    expect(result.outcome).toBe('not-lasting');
    expect(result.why).toMatch(/^right now; the next boot sends template/);
    expect(result.advice).toMatchObject([{ kind: 'edit-declaration' }]);
  });

  it('does not take the word of a command for a silenced NIC', async () => {
    const second = networkdClient({ device: 'ens19' });
    const { turn } = await scene(
      { ...wrong, lease: 'alpha', debian: true, second },
      { apply: () => undefined },
    );

    const { result } = await turn();

    expect(result).toMatchObject({
      outcome: 'failed',
      why: 'another NIC still sends the name (silence-link changed nothing)',
    });
  });

  it('says that a NIC is silent until the next boot only', async () => {
    const second = networkdClient({ device: 'ens19' });
    const { turn } = await scene({ ...wrong, second });

    const { result, proven } = await turn();

    expect(proven).toBe(true);
    expect(result).toMatchObject({
      outcome: 'not-lasting',
      why: 'right now; after the next boot ens19 asks for the same name again',
    });
  });

  it('waits for resolvers that follow late, and no longer than it may', async () => {
    const late = await scene(wrong);
    const never = await scene(wrong);
    const slow = (until: number, world: Scene) => {
      const { resolver } = world.sources;
      Object.assign(world.sources, {
        resolver: (id: string) => ({
          ...resolver(id),
          forward: async (...asked: Parameters<ReturnType<typeof resolver>['forward']>) =>
            world.clock.elapsed() < until ? { status: 'none' } : resolver(id).forward(...asked),
        }),
      });
    };
    slow(5000, late);
    slow(60_000, never);

    const [soon, overdue] = [await late.turn(), await never.turn()];

    expect(soon.result.outcome).toBe('mended');
    expect(overdue.result).toMatchObject({
      outcome: 'not-mended',
      why: 'forward (unbound): alpha.mgmt.internal does not resolve',
    });
    expect(never.clock.elapsed()).toBeLessThan(11_000);
  });

  it('mends without a lock where nothing can be remembered', async () => {
    const { turn, log } = await scene(wrong, { stateless: true });

    expect((await turn()).result.outcome).toBe('mended');
    expect(log.filter((each) => each.includes('lock'))).toEqual([]);
  });
});
