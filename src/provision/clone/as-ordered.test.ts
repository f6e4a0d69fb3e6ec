import { describe, expect, it } from 'vitest';
import { quiet, runClone } from '../../../test/support/clone-run.ts';
import {
  type CloneWorld,
  cloneWorld,
  guestNamed,
  type WorldGuest,
} from '../../../test/support/clone-world.ts';
import { macOf } from '../../../test/support/reserve-world.ts';
import { SourceError } from '../../domain/error.ts';
import type { Hostname } from '../../domain/name.ts';
import { clone } from './clone.ts';
import type { CloneOrder } from './context.ts';
import type { CloneRun } from './result.ts';

const one = ['web-1'] as Hostname[];
/** Its option agent is off. */
const unseen = 'what it says of itself could not be seen';

function make(world: CloneWorld, changes: Partial<CloneOrder>): Promise<CloneRun> {
  return runClone(world, { names: one, ...changes });
}

describe('the copy that the hypervisor is asked for', () => {
  it('stands on the disks of the template, beside it, in no pool, unless something else is said', async () => {
    const world = cloneWorld();
    await make(world, {});
    expect(world.asked.copies).toEqual([
      {
        source: { hypervisor: 'pve', node: 'pve1', vmid: 9000 },
        vmid: 100,
        name: 'web-1',
        description: expect.stringContaining('web-1'),
        disks: 'linked',
      },
    ]);
    expect(world.asked.settings).toEqual([
      expect.not.objectContaining({ cores: expect.anything(), memoryMiB: expect.anything() }),
    ]);
  });

  it.each<[string, Partial<CloneOrder>, object]>([
    ['a pool', { pool: 'night' }, { pool: 'night' }],
    ['disks of its own', { disks: 'full' }, { disks: 'full' }],
    ['a storage', { disks: 'full', storage: 'fast' }, { disks: 'full', storage: 'fast' }],
    ['a number', { vmid: 311 }, { vmid: 311 }],
  ])('has %s where that is ordered', async (_, changes, expected) => {
    const world = cloneWorld();
    const run = await make(world, changes);
    expect(run.results.map(({ outcome }) => outcome)).toEqual(['proven']);
    expect(world.asked.copies).toMatchObject([expected]);
  });

  it('goes to another node, and is found, journalled and told of there', async () => {
    const world = cloneWorld();
    const run = await make(world, { node: 'pve2' });
    expect(world.asked.copies).toMatchObject([{ source: { node: 'pve1' }, targetNode: 'pve2' }]);
    expect(run.results).toMatchObject([{ outcome: 'proven', ref: { node: 'pve2', vmid: 100 } }]);
    const made = world.runs.flatMap(({ writes }) => writes).filter(({ write }) => write.kind === 'guest');
    expect(made).toMatchObject([{ certain: true, guest: { ref: { node: 'pve2' } } }]);
  });

  it('names no node where the one that is ordered is the template’s', async () => {
    const world = cloneWorld();
    await make(world, { node: 'pve1' });
    expect(world.asked.copies[0]).not.toHaveProperty('targetNode');
  });
});

describe('the list of the whole cluster', () => {
  it('is read for one new clone but once, before its settings are written', async () => {
    const world = cloneWorld();
    const names = Array.from({ length: 20 }, (_, index) => `web-${index + 1}` as Hostname);
    await make(world, { names });
    const perClone = names.map((name) => {
      const vmid = guestNamed(world, name)?.ref.vmid;
      return world.asked.lists.filter((each) => each === vmid).length;
    });
    expect([perClone, world.asked.lists.length]).toEqual([names.map(() => 1), 22]);
  });
});

describe('the settings that a clone is given before its first start', () => {
  it('are cores and memory too where they are ordered', async () => {
    const world = cloneWorld();
    await make(world, { cores: 4, memoryMiB: 8192 });
    expect(world.asked.settings).toMatchObject([{ nics: [{ slot: 'net0' }], cores: 4, memoryMiB: 8192 }]);
  });

  it('put its NIC on the bridge of the segment that is ordered, whose server then has its reservation', async () => {
    const world = cloneWorld();
    const run = await make(world, { segment: 'srv' });
    const { mac } = run.results[0]?.nics[0] ?? {};
    expect(guestNamed(world, 'web-1')?.nics).toMatchObject([{ mac, bridge: 'srv' }]);
    expect(world.reserve.servers.srv.own).toEqual([{ mac, name: 'web-1' }]);
    expect(world.reserve.servers.mgmt.own).toEqual([]);
  });

  it('are none for a further NIC in a domain where another carries the name', async () => {
    const world = twoNics('mgmt');
    const run = await make(world, {});
    expect(run.results).toMatchObject([
      {
        outcome: 'proven',
        nics: [{ slot: 'net0' }],
        notes: [expect.stringContaining('net1 is in mgmt'), unseen],
      },
    ]);
    expect(world.asked.settings[0]?.nics?.map(({ slot }) => slot)).toEqual(['net0']);
    expect(world.reserve.servers.mgmt.own).toHaveLength(1);
  });

  it('are a reserved MAC address of its own for a NIC in another domain', async () => {
    const world = twoNics('srv');
    const run = await make(world, {});
    expect(run.results).toMatchObject([{ nics: [{ slot: 'net0' }, { slot: 'net1' }], notes: [unseen] }]);
    expect(world.asked.settings[0]?.nics?.map(({ slot }) => slot)).toEqual(['net0', 'net1']);
    const { mgmt, srv } = world.reserve.servers;
    const named = [...mgmt.own, ...srv.own];
    expect(named.map(({ name }) => name)).toEqual(['web-1', 'web-1']);
    expect(new Set(named.map(({ mac }) => mac)).size).toBe(2);
  });
});

describe('a reservation', () => {
  const unable = new SourceError('unsupported', 'mgmt', 'nothing of Truename’s can stand there');

  it('is nowhere where none is wanted', async () => {
    const world = cloneWorld();
    const run = await make(world, { reserve: 'never', start: false });
    expect(run.results).toMatchObject([{ outcome: 'made', nics: [{ reserved: false }] }]);
    expect(world.reserve.servers.mgmt.writes).toBe(0);
  });

  it('is left out, and that is said, where no server can be written to', async () => {
    const world = cloneWorld();
    const run = await withoutWriter(world, { reserve: 'where-possible', start: false });
    expect(run.results).toMatchObject([{ outcome: 'made', nics: [{ reserved: false }] }]);
    expect(run.results[0]?.notes.join('\n')).toMatch(/reserv/);
    expect(guestNamed(world, 'web-1')).toBeDefined();
  });

  it('that must be is a reason to make nothing where no server can be written to', async () => {
    const world = cloneWorld();
    const run = await withoutWriter(world, { reserve: 'must' });
    expect(run.results).toMatchObject([
      { outcome: 'failed', error: { code: 'unsupported', source: 'mgmt' } },
    ]);
    expect([...world.guests.keys()]).toEqual([9000]);
    expect(world.asked.copies).toEqual([]);
  });

  function withoutWriter(world: CloneWorld, changes: Partial<CloneOrder>): Promise<CloneRun> {
    const order = world.order({ names: one, ...changes });
    const { sources, signal } = world.run(order.run);
    const dhcpServer: typeof sources.dhcpServer = (id) => {
      const server = sources.dhcpServer(id);
      const { reserving } = server;
      if (reserving === undefined) return server;
      return { ...server, reserving: { ...reserving, standing: () => Promise.reject(unable) } };
    };
    return clone(order, { ...sources, dhcpServer }, quiet, signal);
  }
});

/** The template has a second NIC on this bridge. */
function twoNics(bridge: 'mgmt' | 'srv'): CloneWorld {
  const world = cloneWorld();
  const template = world.guests.get(9000) as WorldGuest;
  const second = { slot: 'net1', mac: macOf(9000, 1), bridge, ipv4: 'dhcp' as const };
  world.guests.set(9000, { ...template, nics: [...template.nics, second] });
  return world;
}
