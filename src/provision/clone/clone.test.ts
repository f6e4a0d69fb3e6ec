import { describe, expect, it } from 'vitest';
import { outcomesOf, quiet, runClone } from '../../../test/support/clone-run.ts';
import {
  type CloneWorld,
  cloneWorld,
  guestNamed,
  type WorldGuest,
} from '../../../test/support/clone-world.ts';
import type { Fate } from '../../../test/support/mortal-run.ts';
import { macOf } from '../../../test/support/reserve-world.ts';
import type { Address } from '../../domain/address.ts';
import { SourceError } from '../../domain/error.ts';
import type { Hostname } from '../../domain/name.ts';
import { clone } from './clone.ts';
import type { CloneOrder } from './context.ts';

describe('clone', () => {
  it('reserves all names in one write before anything is made, and proves each', async () => {
    const world = cloneWorld();
    const { sources, signal, acts } = world.run('run-1');

    const run = await clone(world.order(), sources, quiet, signal);

    expect(outcomesOf(run)).toEqual(['proven', 'proven', 'proven']);
    expect(run.servers).toMatchObject([{ id: 'mgmt', writes: 1 }]);
    const first = (what: string) => acts.findIndex((act) => act.startsWith(what));
    expect(first('reserve')).toBeLessThan(first('clone'));
    expect(first('journal guest')).toBeLessThan(first('clone'));
    expect(first('configure')).toBeLessThan(first('start'));
    const guest = guestNamed(world, 'web-2');
    expect(guest).toMatchObject({ on: true, searchDomain: 'mgmt.internal' });
    expect(guest?.description).toBe('Made by Truename as web-2, run run-1.\nA copy of 9000 (tappaas-nixos).');
    expect(world.reserve.servers.mgmt.own).toContainEqual({ mac: guest?.nics[0]?.mac, name: 'web-2' });
    expect(world.held.size).toBe(0);
  });

  it('does nothing the second time', async () => {
    const world = cloneWorld();
    await runClone(world);
    const { sources, signal, acts } = world.run('run-2');

    const run = await clone(world.order({ run: 'run-2' }), sources, quiet, signal);

    expect([outcomesOf(run), acts]).toEqual([['proven', 'proven', 'proven'], []]);
    expect(run.results.every(({ continued }) => continued)).toBe(true);
  });

  it('goes on where one fails, lists what exists, and finishes it by the same command', async () => {
    const world = cloneWorld();
    world.failing.add('web-2');
    const run = await runClone(world);
    expect(outcomesOf(run)).toEqual(['proven', 'failed', 'proven']);
    expect(run.results[1]?.error).toMatchObject({ code: 'command-failed' });

    world.failing.clear();
    const again = await runClone(world, { run: 'run-2' });

    expect(outcomesOf(again)).toEqual(['proven', 'proven', 'proven']);
    expect(again.results.map(({ continued }) => continued)).toEqual([true, false, true]);
    expect([...world.guests.keys()].sort()).toEqual([100, 101, 102, 9000]);
    expect(world.reserve.servers.mgmt).toMatchObject({ writes: 1, own: { length: 3 } });
  });

  it('takes away what this run made, and nothing else, with rollback', async () => {
    const world = cloneWorld();
    await runClone(world, { names: ['web-1'] as Hostname[] });
    world.failing.add('web-3');

    const run = await runClone(world, { run: 'run-2', rollback: true });

    expect(outcomesOf(run)).toEqual(['proven', 'rolled-back', 'rolled-back']);
    expect([...world.guests.keys()].sort()).toEqual([100, 9000]);
    expect(world.reserve.servers.mgmt.own.map(({ name }) => name)).toEqual(['web-1']);
  });

  it('takes another number where somebody was quicker', async () => {
    const world = cloneWorld();
    world.stolen.add(100);

    const run = await runClone(world, { names: ['web-1'] as Hostname[] });

    expect(outcomesOf(run)).toEqual(['proven']);
    expect(run.results[0]?.ref?.vmid).toBe(101);
    expect(world.guests.get(100)?.name).not.toBe('web-1');
  });

  it('makes nothing in a dry run', async () => {
    const world = cloneWorld();
    const { sources, signal, acts } = world.run('run-1');
    const { memory: _, ...looking } = sources;

    const run = await clone(world.order(), looking, quiet, signal);

    expect([outcomesOf(run), acts]).toEqual([['planned', 'planned', 'planned'], []]);
  });

  it('leaves the clone off, and says that it is made, where it is not to be started', async () => {
    const world = cloneWorld();
    const run = await runClone(world, { names: ['web-1'] as Hostname[], start: false });
    expect([outcomesOf(run), guestNamed(world, 'web-1')?.on]).toEqual([['made'], false]);
  });

  it('is not proven by what it says itself without a reservation', async () => {
    const world = cloneWorld();
    const run = await runClone(world, { names: ['web-1'] as Hostname[], reserve: 'never' });
    expect(outcomesOf(run)).toEqual(['not-proven']);
    expect(world.reserve.servers.mgmt.writes).toBe(0);
  });
});

describe('a name that is not free', () => {
  const names = ['web-1', 'web-2'] as Hostname[];
  const lease = { address: '10.2.10.9' as Address, mac: macOf(99), name: 'WEB-2' };

  it.each<[string, (world: CloneWorld) => void, string]>([
    [
      'a guest of the cluster',
      (world) =>
        void world.guests.set(50, {
          ...(world.guests.get(9000) as WorldGuest),
          ref: { hypervisor: 'pve', node: 'pve1', vmid: 50 },
          name: 'web-2',
          template: false,
        }),
      'name-taken',
    ],
    [
      'a living lease at another server',
      ({ reserve }) => void reserve.servers.srv.leases.push(lease),
      'name-taken',
    ],
    [
      'a reservation of somebody else',
      ({ reserve }) =>
        void reserve.servers.srv.others.push({ mac: macOf(99), name: 'web-2', file: '/hosts/theirs' }),
      'name-taken',
    ],
    [
      'a reservation of Truename that no run of clone made',
      ({ reserve }) => void reserve.servers.mgmt.own.push({ mac: macOf(99), name: 'web-2' as Hostname }),
      'name-taken',
    ],
    [
      'an answer of a resolver',
      ({ reserve }) =>
        void reserve.answers.set('web-2.srv.internal', {
          status: 'answered',
          records: ['10.2.20.9' as Address],
        }),
      'name-taken',
    ],
    [
      'perhaps a server that cannot be read',
      ({ reserve }) =>
        void Object.assign(reserve.servers.srv, { blind: new SourceError('unreachable', 'srv', 'no route') }),
      'unreachable',
    ],
    [
      'perhaps a resolver that cannot be asked',
      ({ reserve }) =>
        void reserve.answers.set('web-2.mgmt.internal', new SourceError('timeout', 'mgmt', 'no answer')),
      'timeout',
    ],
  ])('belongs to %s: nothing is made', async (_, given, code) => {
    const world = cloneWorld();
    given(world);
    const { sources, signal, acts } = world.run('run-1');

    const run = await clone(world.order({ names }), sources, quiet, signal);

    expect(outcomesOf(run)).toEqual(['refused', 'refused']);
    expect(run.results.some(({ error }) => error?.code === code)).toBe(true);
    expect(acts).toEqual([]);
  });

  it.each(['firewall', 'pve1', 'image', 'tappaas-nixos'])(
    'is that of a machine with a role: %s',
    async (name) => {
      const run = await runClone(cloneWorld(), { names: [name] as Hostname[], start: false });
      expect(outcomesOf(run)).toEqual(['refused']);
    },
  );

  it('is taken with --replace where its holder is gone, with the MAC address that was reserved', async () => {
    const world = cloneWorld();
    world.reserve.servers.mgmt.own.push({ mac: macOf(99), name: 'web-2' as Hostname });
    world.reserve.servers.mgmt.leases.push(lease);

    const run = await runClone(world, { names, replace: true });

    expect(outcomesOf(run)).toEqual(['proven', 'proven']);
    expect(run.results[1]?.nics[0]?.mac).toBe(macOf(99));
  });

  it('is not taken with --replace from a holder that is there', async () => {
    const world = cloneWorld();
    world.reserve.servers.mgmt.leases.push({ ...lease, mac: macOf(9000) });
    expect(outcomesOf(await runClone(world, { names, replace: true }))).toEqual(['refused', 'refused']);
  });
});

/** Every fate that a run of this order can have. */
async function fates(changes: Partial<CloneOrder>, prepare: (world: CloneWorld) => void): Promise<Fate[]> {
  const world = cloneWorld();
  prepare(world);
  const order = world.order(changes);
  const { sources, signal, acts } = world.run(order.run);
  await clone(order, sources, quiet, signal);
  return acts.flatMap((_, index) =>
    (['before', 'during', 'after'] as const).map((when) => ({ at: index + 1, when })),
  );
}

async function killed(world: CloneWorld, order: CloneOrder, fate: Fate): Promise<void> {
  const { sources, signal, acts } = world.run(order.run, fate);
  await clone(order, sources, quiet, signal).catch(quiet);
  expect([fate, acts.length >= fate.at, acts]).toEqual([fate, true, acts]);
  // Whose process is gone holds no lock.
  world.held.clear();
}

function expectWhole(world: CloneWorld, names: readonly string[]): void {
  const made = [...world.guests.values()].filter(({ template }) => !template);
  const { own, leases } = world.reserve.servers.mgmt;
  expect(made.map(({ name }) => name).sort()).toEqual([...names]);
  expect(own.map(({ name }) => name).sort()).toEqual([...names]);
  for (const { name, nics, lock } of made) {
    expect(lock).toBeUndefined();
    expect(own).toContainEqual({ name, mac: nics[0]?.mac });
  }
  // No lease was ever granted under another name.
  expect(leases.map((lease) => lease.name).sort()).toEqual([...names]);
  const open = world.runs
    .flatMap(({ writes }) => writes)
    .filter(({ certain, undoneBy }) => !certain && undoneBy === undefined);
  expect(open).toEqual([]);
  expect(world.held.size).toBe(0);
}

describe('a run that is killed', () => {
  it('at any act is finished by the same command, with no orphan', async () => {
    const all = await fates({}, quiet);
    expect(all.length).toBeGreaterThan(60);
    for (const fate of all) {
      const world = cloneWorld();
      await killed(world, world.order(), fate);

      const run = await runClone(world, { run: 'run-2' });

      expect([fate, outcomesOf(run)]).toEqual([fate, ['proven', 'proven', 'proven']]);
      expectWhole(world, ['web-1', 'web-2', 'web-3']);
    }
  });

  it('while it takes away what it made leaves nothing that the same command does not finish', async () => {
    const fail = (world: CloneWorld) => void world.failing.add('web-2');
    const all = await fates({ rollback: true }, fail);
    for (const fate of all) {
      const world = cloneWorld();
      fail(world);
      await killed(world, world.order({ rollback: true }), fate);
      world.failing.clear();

      const run = await runClone(world, { run: 'run-2' });

      expect([fate, outcomesOf(run)]).toEqual([fate, ['proven', 'proven', 'proven']]);
      const made = [...world.guests.values()].filter(({ template }) => !template);
      expect(made.map(({ name }) => name).sort()).toEqual(['web-1', 'web-2', 'web-3']);
      expect(world.reserve.servers.mgmt.own).toHaveLength(3);
    }
  });
});
