import { describe, expect, it } from 'vitest';
import { alpha, runReserve } from '../../../test/support/reserve-run.ts';
import { macOf, type ReserveWorld, reserveWorld } from '../../../test/support/reserve-world.ts';
import { SourceError } from '../../domain/error.ts';

/** A guest that holds no lease, so that nothing keeps its reservation from being taken up. */
const gamma = { vmid: 612, name: 'gamma' };

/** A server that names no lease as it was told; whether it lives is asked after so many writes. */
function disobedient(alive: (writes: number) => boolean): ReserveWorld {
  const world = reserveWorld([alpha, gamma]);
  const { mgmt } = world.servers;
  mgmt.obeys = false;
  mgmt.leases = mgmt.leases.filter(({ mac }) => mac === macOf(alpha.vmid));
  Object.defineProperty(mgmt, 'alive', { get: () => alive(mgmt.writes) });
  return world;
}

describe('what a server did not take up', () => {
  it('is taken back, and the server is seen to run after it', async () => {
    const { results } = await runReserve(disobedient(() => true));

    expect(results[0]?.why).toContain('; it was taken back, and the server runs');
    expect(results[1]?.outcome).toBe('reserved');
  });

  it('is taken back; that the server does not run after it is told, and what to do', async () => {
    const world = disobedient((writes) => writes < 2);

    const { results, outcomes } = await runReserve(world);

    expect(results[0]?.error?.code).toBe('reservation-not-taken');
    expect(results[0]?.why).toContain('; it was taken back, AND THE SERVER DOES NOT RUN: it does not run');
    expect(results[0]?.error?.hint).toContain('start it');
    expect(world.log).toContain('undone run-1 1');
    // What was taken up before is of no use at a dead server.
    expect(outcomes).toEqual(['failed', 'not-proven']);
    expect(results[1]?.readBack).toContainEqual(
      expect.objectContaining({ link: 'server', state: 'refuted', because: 'it does not run' }),
    );
  });

  it('is waited for: a server that starts a moment later runs', async () => {
    let looks = 0;
    const world = disobedient((writes) => {
      if (writes >= 2) looks += 1;
      return writes < 2 || looks > 3;
    });

    expect((await runReserve(world)).outcomes).toEqual(['failed', 'reserved']);
  });

  it('is taken back where nobody can see whether the server runs: that is told as such', async () => {
    const world = disobedient(() => true);
    const { mgmt } = world.servers;
    const lost = new SourceError('unreachable', 'mgmt', 'no route');
    const sources = {
      ...world.sources,
      dhcpServer(id: string) {
        const server = world.sources.dhcpServer(id);
        return {
          ...server,
          alive: (signal: AbortSignal) =>
            mgmt.writes < 2 ? server.alive(signal) : Promise.reject<never>(lost),
        };
      },
    };

    const { results, outcomes } = await runReserve(world, {}, sources);

    expect(results[0]?.why).toContain(
      '; it was taken back, and whether the server runs could not be seen: no route',
    );
    expect(outcomes).toEqual(['failed', 'not-proven']);
  });

  it('still stands where it could not be taken back', async () => {
    const error = new SourceError('unreachable', 'mgmt', 'lost');
    const world = disobedient((writes) => {
      if (writes === 1) world.servers.mgmt.fails = { error, made: false };
      return true;
    });

    const { results } = await runReserve(world);

    expect(results[0]?.why).toContain('; and it could not be taken back: lost');
    expect(world.log).not.toContain('undone run-1 1');
  });
});
