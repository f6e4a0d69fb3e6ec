import { describe, expect, it } from 'vitest';
import { alpha, beta, killedRun, runReserve } from '../../../test/support/reserve-run.ts';
import { macOf, type ReserveWorld, reserveWorld } from '../../../test/support/reserve-world.ts';
import { SourceError } from '../../domain/error.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import { type ReleaseRequest, release } from './release.ts';
import { reserve } from './reserve.ts';

const stranger = 'bc:24:11:99:99:99' as Mac;
const away = new SourceError('unreachable', 'srv', 'no route', { hint: 'Look at the cable.' });

/** A world in which a run for somebody else was killed in the midst of its write at `srv`, which cannot be reached now. */
function withSrvAway(): ReserveWorld {
  const world = reserveWorld([alpha, beta]);
  world.servers.srv.secondStep = { taken: 0, runs: () => true };
  world.runs.push(killedRun(stranger, { name: 'other' as Hostname }, 'srv'));
  world.servers.srv.blind = away;
  return world;
}

async function runRelease(world: ReserveWorld, changes: Partial<ReleaseRequest>) {
  const { inventory, sources } = world;
  const said: string[] = [];
  const base = { run: 'run-2', words: [], guests: [], inventory, templates: [], yes: false };
  const { signal } = new AbortController();
  const { results } = await release({ ...base, ...changes }, sources, (line) => said.push(line), signal);
  const told = results.map(({ name, server, outcome, error }) => [name, server, outcome, error?.code]);
  return { results, told, said };
}

describe('an interrupted run that cannot be finished', () => {
  it('at one server keeps no guest of another from being reserved', async () => {
    const world = withSrvAway();

    const { outcomes, results, said } = await runReserve(world);

    expect(outcomes).toEqual(['reserved', 'refused']);
    expect(results[1]?.error).toMatchObject({ code: 'unreachable', hint: 'Look at the cable.' });
    expect(results[1]?.why).toBe('what an earlier run began at srv could not be finished: no route');
    expect(said).toContain('srv: what an earlier run began at srv could not be finished: no route');
    expect(world.held.size).toBe(0);
  });

  it('is told of a server that does not run with what was written, nor without it', async () => {
    const world = reserveWorld([alpha, beta]);
    world.servers.srv.secondStep = { taken: 0, runs: () => false };
    world.servers.srv.own = [{ mac: stranger, name: 'other' as Hostname }];
    world.runs.push(killedRun(stranger, { name: 'other' as Hostname }, 'srv'));

    const { outcomes, results } = await runReserve(world);

    expect(outcomes).toEqual(['reserved', 'refused']);
    expect(results[1]?.why).toContain('it was taken back, AND THE SERVER DOES NOT RUN');
    expect(world.servers.srv.own).toEqual([]);
  });

  it('ends all that a run does where it was interrupted itself', async () => {
    const world = withSrvAway();
    const ended = new AbortController();
    Object.defineProperty(world.servers.srv, 'blind', {
      get() {
        ended.abort();
        return away;
      },
    });
    const run = reserve(world.request(), world.sources, () => undefined, ended.signal);

    await expect(run).rejects.toThrow();
    expect(world.servers.mgmt.writes).toBe(0);
  });
});

describe('a release where one server cannot be looked at', () => {
  it('takes back what stands at the others, and says that it could not look there', async () => {
    const world = withSrvAway();
    world.servers.mgmt.own = [{ mac: macOf(610), name: 'alpha' as Hostname }];

    const { told, results } = await runRelease(world, { words: ['alpha'] });

    expect(told).toEqual([['alpha', 'mgmt', 'released', undefined]]);
    expect(results[0]?.notes.join()).toContain(
      'whether Truename reserved something for it at srv could not be seen',
    );
  });

  it('refuses a guest of that server, named or filtered', async () => {
    const world = withSrvAway();
    const refused = ['beta', 'srv', 'refused', 'unreachable'];

    expect((await runRelease(world, { words: ['beta'] })).told).toEqual([refused]);
    const filtered = { guests: [world.guest(610), world.guest(611)] };
    expect((await runRelease(world, filtered)).told).toEqual([refused]);
  });

  it('never calls nothing what may stand there', async () => {
    const world = withSrvAway();

    expect((await runRelease(world, { words: ['alpha'] })).told).toEqual([
      ['alpha', 'srv', 'refused', 'unreachable'],
    ]);
    const { told, results } = await runRelease(world, { words: [stranger] });
    expect(told).toEqual([[stranger, 'srv', 'refused', 'unreachable']]);
    expect(results[0]?.mac).toBe(stranger);
  });
});
