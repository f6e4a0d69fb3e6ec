import { describe, expect, it } from 'vitest';
import { alpha, beta, runReserve as run } from '../../../test/support/reserve-run.ts';
import { macOf, reserveWorld } from '../../../test/support/reserve-world.ts';
import type { Address } from '../../domain/address.ts';
import { SourceError } from '../../domain/error.ts';

describe('reserve', () => {
  it('ties each MAC address to its name at the server of its segment, and reads back lease and DNS', async () => {
    const world = reserveWorld([alpha, beta]);

    const { outcomes, results, servers } = await run(world);

    expect(outcomes).toEqual(['reserved', 'reserved']);
    expect(world.servers.mgmt.own).toEqual([{ mac: macOf(610), name: 'alpha' }]);
    expect(world.servers.srv.leases[0]).toMatchObject({ name: 'beta' });
    expect(results[0]?.readBack.map(({ link, state }) => `${link} ${state}`)).toEqual([
      'reservation proven',
      'server proven',
      'lease proven',
      'forward proven',
      'reverse proven',
    ]);
    expect(servers).toMatchObject([
      { id: 'mgmt', writes: 1, reach: 'guest' },
      { id: 'srv', writes: 1, reach: 'guest' },
    ]);
    expect(world.log).toEqual(['writing 610', 'written 1', 'writing 611', 'written 2']);
    expect(world.journal[0]?.write).toMatchObject({
      was: null,
      wrote: { name: 'alpha' },
      leaseName: 'template',
    });
  });

  it('makes one write of any number, and none where nothing is to be done', async () => {
    const world = reserveWorld(
      Array.from({ length: 50 }, (_, index) => ({ vmid: 600 + index, name: `g${index}` })),
    );

    const first = await run(world, { yes: true });
    const second = await run(world);

    expect([first.servers[0]?.writes, second.servers[0]?.writes, world.servers.mgmt.writes]).toEqual([
      1, 0, 1,
    ]);
    expect(new Set(second.outcomes)).toEqual(new Set(['unchanged']));
  });

  it('changes no more than ten guests unless it was told to', async () => {
    const world = reserveWorld(
      Array.from({ length: 11 }, (_, index) => ({ vmid: 600 + index, name: `g${index}` })),
    );

    await expect(run(world)).rejects.toMatchObject({ code: 'too-many-guests' });
    expect([world.servers.mgmt.writes, world.log, world.held.size]).toEqual([0, [], 0]);
  });

  it('writes nothing in a dry run', async () => {
    const world = reserveWorld([alpha], { dryRun: true });

    const { outcomes, dryRun, servers } = await run(world);

    expect([outcomes, dryRun, world.servers.mgmt.writes]).toEqual([['planned'], true, 0]);
    expect(servers).toMatchObject([{ reach: 'guest', writes: 0 }]);
  });

  it('takes back what the server does not take up, and leaves what it did', async () => {
    const world = reserveWorld([alpha, { vmid: 612, name: 'gamma', bridges: ['elsewhere', 'mgmt'] }]);
    world.servers.mgmt.leases = world.servers.mgmt.leases.filter(({ mac }) => mac === macOf(610));
    world.servers.mgmt.obeys = false;

    const { outcomes, results, servers } = await run(world);

    expect(outcomes).toEqual(['failed', 'reserved']);
    expect(results[0]?.error).toMatchObject({ code: 'reservation-not-taken' });
    expect(world.servers.mgmt.own).toEqual([{ mac: macOf(612, 1), name: 'gamma' }]);
    expect(servers[0]?.writes).toBe(2);
    expect(world.log.slice(2)).toEqual(['undone run-1 1', 'written 2']);
  });

  it('takes all back where the server does not live', async () => {
    const world = reserveWorld([alpha]);
    world.servers.mgmt.alive = false;

    const { outcomes } = await run(world);

    expect([outcomes, world.servers.mgmt.own]).toEqual([['failed'], []]);
  });

  it('keeps what stands where only DNS does not follow, and says so', async () => {
    const world = reserveWorld([alpha]);
    world.answers.set('alpha.mgmt.internal', { status: 'none' });

    const { outcomes, results } = await run(world);

    expect(outcomes).toEqual(['not-proven']);
    expect(results[0]?.why).toBe('alpha.mgmt.internal does not resolve');
    expect(world.servers.mgmt.own).toHaveLength(1);
  });

  it('waits for nothing where the guest holds no lease yet', async () => {
    const world = reserveWorld([alpha]);
    world.servers.mgmt.leases = [];

    const { outcomes, results } = await run(world);

    expect(outcomes).toEqual(['reserved']);
    expect(results[0]?.readBack.at(-1)).toMatchObject({ link: 'lease', state: 'pending' });
  });

  it('waits for nothing either where an address is reserved with the name', async () => {
    const world = reserveWorld([alpha]);
    world.servers.mgmt.leases = [];

    const { outcomes } = await run(world, { address: '10.2.10.50' as Address });

    expect(outcomes).toEqual(['reserved']);
  });

  it('says that another address waits until the guest asks', async () => {
    const world = reserveWorld([alpha]);

    const { outcomes, results } = await run(world, { address: '10.2.10.50' as Address });

    expect(outcomes).toEqual(['not-proven']);
    expect(results[0]?.why).toContain("10.2.10.50 and the name are the guest's from its next request on");
  });

  it('writes nothing where somebody else changed the server meanwhile', async () => {
    const world = reserveWorld([alpha]);
    world.servers.mgmt.fails = {
      error: new SourceError('reservations-changed', 'mgmt', 'changed'),
      made: false,
    };

    const { outcomes, results } = await run(world);

    expect(outcomes).toEqual(['failed']);
    expect(results[0]?.error).toMatchObject({ code: 'reservations-changed' });
    expect(world.log).toEqual(['writing 610', 'undone run-1 1']);
  });

  it('goes on where the session was lost and the write was made all the same', async () => {
    const world = reserveWorld([alpha]);
    world.servers.mgmt.fails = { error: new SourceError('unreachable', 'mgmt', 'lost'), made: true };

    expect((await run(world)).outcomes).toEqual(['reserved']);
  });

  it('leaves it to the next run where nobody can see whether it was written', async () => {
    const world = reserveWorld([alpha]);
    const error = new SourceError('unreachable', 'mgmt', 'lost');
    Object.defineProperty(world.servers.mgmt, 'fails', {
      configurable: true,
      get() {
        world.servers.mgmt.blind = error;
        return { error, made: false };
      },
    });

    const { outcomes, results } = await run(world);

    expect(outcomes).toEqual(['failed']);
    expect(results[0]?.why).toContain('whether it was written could not be seen');
    expect(world.log).toEqual(['writing 610']);
  });

  it('works at a server alone: another run of this state directory is busy with it', async () => {
    const world = reserveWorld([alpha]);
    const holder = { run: 'run-0', pid: 1, host: 'here', since: 'then' };
    world.held.set('dhcp-server-mgmt', holder);

    await expect(run(world)).rejects.toMatchObject({ code: 'busy' });
  });

  it('refuses a guest whose server cannot be read, and works on with the others', async () => {
    const world = reserveWorld([alpha, beta]);
    world.servers.mgmt.blind = new SourceError('unsupported', 'mgmt', 'no folder', { hint: 'Add a line.' });

    const { outcomes, results } = await run(world);

    expect(outcomes).toEqual(['refused', 'reserved']);
    expect(results[0]?.error).toMatchObject({ code: 'unsupported', hint: 'Add a line.' });
  });

  it.each<[string, readonly string[], string | undefined, string, string | undefined]>([
    ['has no NIC', [], undefined, 'not-found', undefined],
    ['has a NIC in no segment', ['elsewhere'], undefined, 'segment-unknown', undefined],
    ['has several in segments', ['mgmt', 'srv'], undefined, 'usage', undefined],
    ['has no such NIC', ['mgmt'], 'net7', 'not-found', undefined],
    ['has several, and one was named', ['mgmt', 'srv'], 'net1', '', 'srv'],
    ['has several, and one of them in a segment', ['elsewhere', 'srv'], undefined, '', 'srv'],
  ])('where a guest %s', async (_what, bridges, slot, code, server) => {
    const world = reserveWorld([{ ...alpha, bridges }]);

    const { results } = await run(world, slot === undefined ? {} : { slot });

    expect([results[0]?.error?.code ?? '', code === '' ? results[0]?.server : undefined]).toEqual([
      code,
      server,
    ]);
  });
});
