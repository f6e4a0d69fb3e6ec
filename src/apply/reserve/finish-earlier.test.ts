import { describe, expect, it } from 'vitest';
import { killedRun, runReserve as run } from '../../../test/support/reserve-run.ts';
import { macOf, reserveWorld } from '../../../test/support/reserve-world.ts';
import type { Hostname } from '../../domain/name.ts';
import { release } from './release.ts';
import { reserve } from './reserve.ts';

const { signal } = new AbortController();
const mac = macOf(610);
const alpha = { mac, name: 'alpha' as Hostname };

const killed = killedRun(mac, { name: alpha.name });

/** A server whose writes take two steps, after a run that was killed between them. */
function killedBetween(stands: boolean, runs: () => boolean = () => true) {
  const world = reserveWorld([{ vmid: 610, name: 'alpha' }]);
  const step = { taken: 0, runs };
  world.servers.mgmt.secondStep = step;
  if (stands) world.servers.mgmt.own = [alpha];
  world.runs.push(killed);
  return { world, step };
}

describe('a run that was killed between its write and what puts it in force', () => {
  it('is finished by the next one, which finds its guest reserved', async () => {
    const { world, step } = killedBetween(true);

    const { outcomes, said } = await run(world);

    expect([outcomes, step.taken]).toEqual([['unchanged'], 1]);
    expect(world.servers.mgmt.leases[0]?.name).toBe('alpha');
    expect([said[0], world.log]).toEqual([expect.stringContaining('put in force now'), ['found run-0 3']]);
  });

  it('is finished by a release too', async () => {
    const { world, step } = killedBetween(true);
    const { inventory } = world;
    const request = { run: 'run-1', words: ['alpha'], guests: [], inventory, templates: [], yes: false };

    const { results } = await release(request, world.sources, () => undefined, signal);

    expect([results[0]?.outcome, step.taken]).toEqual(['released', 1]);
  });

  it('is taken back where the server does not run with what it wrote', async () => {
    const { world } = killedBetween(true, () => world.servers.mgmt.own.length === 0);

    const { said } = await run(world);

    expect(said.join(' ')).toContain('taken back');
    expect(world.servers.mgmt.writes).toBeGreaterThan(0);
    expect(world.log).toContain('undone run-0 3');
  });

  it('needs no second step where it had not begun', async () => {
    const { world, step } = killedBetween(false);

    const { outcomes } = await run(world);

    expect([outcomes, step.taken, world.log[0]]).toEqual([['reserved'], 0, 'undone run-0 3']);
  });

  it('is left alone in a dry run', async () => {
    const world = reserveWorld([{ vmid: 610, name: 'alpha' }], { dryRun: true });
    const step = { taken: 0, runs: () => true };
    world.servers.mgmt.secondStep = step;
    world.servers.mgmt.own = [alpha];
    world.runs.push(killed);

    await run(world);

    expect(step.taken).toBe(0);
  });
});

describe('the pause of a write', () => {
  it.each([
    [3240, 3.2],
    [43, 0.1],
  ])('of %i ms is said before the next one as %d s, and the next one is remembered', async (ms, seconds) => {
    const world = reserveWorld([{ vmid: 610, name: 'alpha' }]);
    world.servers.mgmt.pausedMs = 2100;
    world.servers.mgmt.own = [{ mac, name: 'before' as Hostname }];
    const known = new Map([['mgmt', ms]]);
    const pauses = {
      last: async (id: string) => known.get(id),
      remember: async (id: string, ms: number) => void known.set(id, ms),
    };
    const said: string[] = [];

    const { servers } = await reserve(
      world.request(),
      { ...world.sources, pauses },
      (line) => said.push(line),
      signal,
    );

    expect(said[0]).toContain(`for ${seconds} s last time`);
    expect([servers[0]?.lastPauseSeconds, known.get('mgmt')]).toEqual([seconds, 2100]);
  });
});
