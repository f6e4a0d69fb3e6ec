import { describe, expect, it } from 'vitest';
import { rebuildIn } from '../../../test/support/rebuild-in.ts';
import { cloneWorld, type RebuildWorld, writesOf } from '../../../test/support/rebuild-world.ts';
import { address } from '../../../test/support/sample-snapshot.ts';
import type { Address } from '../../domain/address.ts';

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
