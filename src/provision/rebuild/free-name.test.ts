import { describe, expect, it } from 'vitest';
import { rebuildIn } from '../../../test/support/rebuild-in.ts';
import { cloneWorld, type RebuildWorld, sourceError, writesOf } from '../../../test/support/rebuild-world.ts';
import { address } from '../../../test/support/sample-snapshot.ts';
import type { Address } from '../../domain/address.ts';
import type { Mac } from '../../domain/mac.ts';

/** The resolver knows the name already, as the firewall's or an older machine's. */
function takenWorld(...records: readonly string[]): RebuildWorld {
  const world = cloneWorld();
  world.forward = { status: 'answered', records: records as readonly Address[] };
  return world;
}

describe('a name that a resolver gives to another machine', () => {
  it('is not given away: nothing is written', async () => {
    const world = takenWorld('10.2.10.1');

    const { result } = await rebuildIn(world);

    expect(result.error).toMatchObject({ code: 'name-taken', where: 'unbound' });
    expect(result.outcome).toBe('failed');
    expect(writesOf(world)).toEqual([]);
  });

  it('is not given away where one answer of several is another machine’s', async () => {
    const { result } = await rebuildIn(takenWorld(address, '10.2.10.1'));

    expect(result.error?.code).toBe('name-taken');
  });

  it('is only reported in a dry run', async () => {
    const { result, events } = await rebuildIn(takenWorld('10.2.10.1'), { dryRun: true });

    expect(result.outcome).toBe('planned');
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'note', text: expect.stringContaining('10.2.10.1') }),
    );
  });

  it('is taken when asked for', async () => {
    const world = takenWorld('10.2.10.1');

    const { result } = await rebuildIn(world, { takeName: true });

    expect(result.outcome).toBe('proven');
    expect(writesOf(world)).not.toEqual([]);
  });
});

describe('a name that the VM has already', () => {
  it('is its own', async () => {
    const { result } = await rebuildIn(takenWorld(address));

    expect(result.error).toBeUndefined();
  });
});

describe('a name that another lease bears', () => {
  const other = 'bc:24:11:99:99:99' as Mac;

  /** An older lease of the name, and what the resolver says because of it. */
  function leasedWorld(): RebuildWorld {
    const world = takenWorld('10.2.10.77');
    const expiresAt = new Date(Date.parse(world.clock.now()) + 3600_000).toISOString();
    world.otherLeases = [{ address: '10.2.10.77' as Address, mac: other, name: 'ALPHA', expiresAt }];
    return world;
  }

  it('of a VM that is there is not given away', async () => {
    const world = leasedWorld();
    world.others = [{ vmid: 777, name: 'old-alpha', mac: other }];

    const { result } = await rebuildIn(world);

    expect(result.error).toMatchObject({
      code: 'name-taken',
      message: 'ALPHA is leased to VM 777 (old-alpha) at 10.2.10.77',
      where: 'dnsmasq',
    });
    expect(writesOf(world)).toEqual([]);
  });

  it('is seen under its full name too', async () => {
    const world = leasedWorld();
    world.otherLeases = world.otherLeases.map((each) => ({ ...each, name: 'alpha.mgmt.internal' }));
    world.others = [{ vmid: 777, name: 'old-alpha', mac: other }];

    expect((await rebuildIn(world)).result.error).toMatchObject({ code: 'name-taken', where: 'dnsmasq' });
  });

  it('of a VM that is there is taken when asked for', async () => {
    const world = leasedWorld();
    world.others = [{ vmid: 777, name: 'old-alpha', mac: other }];

    expect((await rebuildIn(world, { takeName: true })).result.outcome).toBe('proven');
  });

  it('that no VM can hold is a leftover: said, and no obstacle', async () => {
    const { result, notes } = await rebuildIn(leasedWorld());

    expect(result.outcome).toBe('proven');
    expect(notes[0]).toMatch(/10\.2\.10\.77 is still leased as ALPHA .* leftover/);
  });

  it('that has ended is none', async () => {
    const world = leasedWorld();
    world.forward = { status: 'none' };
    world.otherLeases = world.otherLeases.map((each) => ({ ...each, expiresAt: '2020-01-01T00:00:00.000Z' }));

    expect((await rebuildIn(world)).notes).toEqual([]);
  });

  it('of nobody knows whom is not given away', async () => {
    const world = leasedWorld();
    world.others = [{ vmid: 777, name: 'old-alpha', mac: sourceError('timeout') }];

    expect((await rebuildIn(world)).result.error?.code).toBe('timeout');
    expect(writesOf(world)).toEqual([]);
  });

  /** The table can be read until the guest was looked at. */
  function unreadableWorld(): RebuildWorld {
    const world = cloneWorld();
    let looks = 0;
    world.onScript = (what) => {
      if (what !== 'look') return;
      looks += 1;
      if (looks === 2) world.lease = sourceError('timeout');
    };
    return world;
  }

  it('in a table that cannot be read is not taken for none', async () => {
    const world = unreadableWorld();

    expect((await rebuildIn(world)).result.error?.code).toBe('timeout');
    expect(writesOf(world)).toEqual([]);
  });

  it('in a table that cannot be read does not end a dry run', async () => {
    const { result, notes } = await rebuildIn(unreadableWorld(), { dryRun: true });

    expect(result.outcome).toBe('planned');
    expect(notes.join()).toContain('who else holds the name could not be seen');
  });
});
