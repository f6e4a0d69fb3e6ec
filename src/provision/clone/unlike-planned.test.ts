import { describe, expect, it } from 'vitest';
import { outcomesOf, quiet, runClone } from '../../../test/support/clone-run.ts';
import {
  type CloneWorld,
  cloneWorld,
  guestNamed,
  type WorldGuest,
} from '../../../test/support/clone-world.ts';
import type { CloneEvent } from '../../domain/clone-event.ts';
import type { Hostname } from '../../domain/name.ts';
import { clone } from './clone.ts';
import type { CloneOrder } from './context.ts';
import type { CloneRun } from './result.ts';

/** Interrupts a run as soon as it tells of such an event. */
function interrupted(
  world: CloneWorld,
  when: (event: CloneEvent) => boolean,
  changes: Partial<CloneOrder> = {},
  reason = new DOMException('SIGINT', 'AbortError'),
): Promise<CloneRun> {
  const order = world.order(changes);
  const { sources } = world.run(order.run);
  const end = new AbortController();
  return clone(order, sources, (event) => when(event) && end.abort(reason), end.signal);
}

const startOf = (name: string) => (event: CloneEvent) =>
  event.name === name && event.step === 'start' && event.type === 'ended';

/** A VM made by hand from a clone takes the description along, and here the number that the run had planned for another. */
function copyByHand(world: CloneWorld, of: string, vmid: number): void {
  const original = guestNamed(world, of) as WorldGuest;
  world.guests.set(vmid, {
    ...original,
    ref: { ...original.ref, vmid },
    name: `copy-of-${of}`,
    uuid: 'by-hand',
    nics: original.nics.map((nic) => ({ ...nic, mac: 'bc:24:11:99:99:99' as never })),
    on: false,
  });
}

describe('a VM that somebody copied by hand from a clone', () => {
  it('is not taken for another clone of the same run', async () => {
    const world = cloneWorld();
    world.failing.add('web-1');
    await runClone(world, { names: ['web-1', 'web-2'] as Hostname[] });
    world.failing.clear();
    // The number that was planned for web-1, whose making nobody could finish.
    const [journalled] = world.runs;
    const making = journalled?.writes.find(
      ({ guest, write }) => guest.name === 'web-1' && write.kind === 'guest',
    );
    Object.assign(making ?? {}, { undoneBy: undefined, certain: false });
    copyByHand(world, 'web-2', making?.guest.ref.vmid ?? 0);

    const run = await runClone(world, { run: 'run-2', names: ['web-1', 'web-2'] as Hostname[] });

    expect(outcomesOf(run)).toEqual(['proven', 'proven']);
    expect(world.guests.get(making?.guest.ref.vmid ?? 0)).toMatchObject({ name: 'copy-of-web-2', on: false });
    expect(run.results[0]?.ref?.vmid).not.toBe(making?.guest.ref.vmid);
  });
});

describe('a number that is lost to somebody quicker', () => {
  it('is replaced by none that another clone of the run was given', async () => {
    const world = cloneWorld();
    world.stolen.add(100);

    const names = [1, 2, 3, 4, 5, 6].map((each) => `web-${each}` as Hostname);
    const run = await runClone(world, { names });

    expect(run.results.map(({ ref }) => ref?.vmid)).toEqual([106, 101, 102, 103, 104, 105]);
  });
});

describe('a copy that is still under way when patience ends', () => {
  /** A making that was journalled, whose copy is locked for as long as anybody looks. */
  async function stuck(): Promise<CloneWorld> {
    const world = cloneWorld();
    const order = world.order({ names: ['web-1'] as Hostname[] });
    const { sources, signal, acts } = world.run(order.run, { at: 5, when: 'during' });
    await clone(order, sources, quiet, signal);
    expect(acts.at(-1)).toBe('clone web-1');
    world.held.clear();
    Object.assign(world.guests.get(100) as WorldGuest, { looksUntilMade: Number.POSITIVE_INFINITY });
    return world;
  }

  it('is neither forgotten nor made a second time', async () => {
    const world = await stuck();

    const again = runClone(world, { run: 'run-2', names: ['web-1'] as Hostname[] });

    await expect(again).rejects.toMatchObject({ code: 'vm-locked' });
    expect([...world.guests.keys()].sort()).toEqual([100, 9000]);
    const open = world.runs.flatMap(({ writes }) => writes).filter(({ write }) => write.kind === 'guest');
    expect(open).toMatchObject([{ certain: false }]);
    expect(open[0]?.undoneBy).toBeUndefined();
    expect(world.held.size).toBe(0);
  });

  it('is finished by the same command once it has ended', async () => {
    const world = await stuck();
    Object.assign(world.guests.get(100) as WorldGuest, { looksUntilMade: 1 });

    const again = await runClone(world, { run: 'run-2', names: ['web-1'] as Hostname[] });

    expect(outcomesOf(again)).toEqual(['proven']);
    expect([...world.guests.keys()].sort()).toEqual([100, 9000]);
  });
});

describe('a run that is interrupted', () => {
  it('tells what exists and what does not, and is finished by the same command', async () => {
    const world = cloneWorld();
    const run = await interrupted(world, startOf('web-1'));

    expect(run.error).toMatchObject({ code: 'cancelled' });
    expect(run.results).toHaveLength(3);
    expect(run.results[0]).toMatchObject({
      outcome: 'failed',
      ref: { vmid: 100 },
      nics: [{ reserved: true }],
    });
    expect(world.held.size).toBe(0);

    const again = await runClone(world, { run: 'run-2' });
    expect(outcomesOf(again)).toEqual(['proven', 'proven', 'proven']);
    expect([...world.guests.keys()].sort()).toEqual([100, 101, 102, 9000]);
    expect(again.error).toBeUndefined();
  });

  it('is late where its time is over', async () => {
    const late = new DOMException('over', 'TimeoutError');
    const run = await interrupted(cloneWorld(), startOf('web-2'), {}, late);
    expect(run.error).toMatchObject({ code: 'timeout' });
  });

  it('takes nothing away, and says so, with rollback', async () => {
    const world = cloneWorld();
    const run = await interrupted(world, startOf('web-1'), { rollback: true });

    expect(run.results[0]?.notes).toContain('the run was over before it could be taken away');
    expect(guestNamed(world, 'web-1')?.on).toBe(true);
  });
});

describe('rollback', () => {
  it('says that nothing is reserved any more of what it took away', async () => {
    const world = cloneWorld();
    world.failing.add('web-3');

    const run = await runClone(world, { rollback: true });

    expect(outcomesOf(run)).toEqual(['rolled-back', 'rolled-back', 'rolled-back']);
    expect(run.results.flatMap(({ nics }) => nics.map(({ reserved }) => reserved))).toEqual([
      false,
      false,
      false,
    ]);
    expect(world.reserve.servers.mgmt.own).toEqual([]);
  });

  it('leaves a clone of an earlier run what this run reserved for it', async () => {
    const world = cloneWorld();
    await runClone(world, { names: ['web-1'] as Hostname[], reserve: 'never' });
    world.failing.add('web-2');

    const run = await runClone(world, {
      run: 'run-2',
      rollback: true,
      names: ['web-1', 'web-2'] as Hostname[],
    });

    expect(run.results[0]).toMatchObject({
      continued: true,
      nics: [{ reserved: true }],
      notes: expect.arrayContaining(['an earlier run made it, and it was left as it is']),
    });
    expect(world.reserve.servers.mgmt.own.map(({ name }) => name)).toEqual(['web-1']);
  });
});
