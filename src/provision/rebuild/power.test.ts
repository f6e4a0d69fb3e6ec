import { describe, expect, it } from 'vitest';
import { rebuildIn } from '../../../test/support/rebuild-in.ts';
import { cloneWorld, type RebuildWorld, writesOf } from '../../../test/support/rebuild-world.ts';
import { mac, system } from '../../../test/support/sample-snapshot.ts';

/** A clone whose new system has another kernel. */
function withNewKernel(): RebuildWorld {
  const world = cloneWorld();
  const fresh = { ...system('alpha'), kernel: 'k2' };
  world.built = { booted: world.guest.nixos.booted, current: fresh, next: fresh };
  world.onReboot = () => {
    const { nixos, identity } = world.guest;
    world.guest = {
      ...world.guest,
      nixos: { ...nixos, booted: nixos.next },
      identity: { ...identity, bootId: 'boot-2' },
    };
  };
  return world;
}

describe('a VM that is locked at the hypervisor', () => {
  it.each(['backup', 'migrate', 'snapshot', 'snapshot-delete', 'clone', 'create', 'rollback', 'suspending'])(
    'by %s is waited for',
    async (lock) => {
      const world = cloneWorld();
      world.locks = [lock, lock, lock];

      const { result, notes } = await rebuildIn(world);

      expect(result.outcome).toBe('proven');
      expect(notes[0]).toContain(`locked (${lock})`);
    },
  );

  it.each([
    ['for good', 'suspended', 600_000, /qm resume 610/],
    ['by nobody that we know', 'disk-move', 600_000, /must unlock it/],
    ['and not to be waited for', 'backup', 0, /--wait-lock/],
  ])('%s ends the run before it touches anything', async (_what, lock, lockMs, hint) => {
    const world = cloneWorld();
    world.configuration = { ...world.configuration, lock };

    const { result } = await rebuildIn(world, { lockMs });

    expect(result.error).toMatchObject({ code: 'vm-locked', hint: expect.stringMatching(hint) });
    expect([world.log, world.clock.elapsed()]).toEqual([[], 0]);
  });

  it('for longer than was allowed ends the run too', async () => {
    const world = cloneWorld();
    world.configuration = { ...world.configuration, lock: 'backup' };

    const { result } = await rebuildIn(world, { lockMs: 30_000 });

    expect(result.error?.code).toBe('vm-locked');
    expect(world.clock.elapsed()).toBeGreaterThanOrEqual(30_000);
  });

  it('when it is to be rebooted is waited for then', async () => {
    const world = withNewKernel();
    world.onActivate = () => {
      world.locks = ['backup', 'backup'];
    };

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
    expect(world.locks).toEqual([]);
  });
});

describe('a reboot', () => {
  it('says beforehand what comes with it', async () => {
    const world = withNewKernel();
    world.pending = ['cores', 'memory'];

    const { notes } = await rebuildIn(world);

    expect(notes.join('\n')).toMatch(/starts it anew, with a new cloud-init disc; .*: cores, memory/);
  });

  it.each<[string, RebuildWorld['thisMachine']]>([
    ['MAC address', { macs: [mac] }],
    ['uuid', { macs: [], uuid: '00112233-4455-6677-8899-aabbccddeeff' }],
  ])('is never made of the machine that this runs on, by its %s', async (_what, own) => {
    const world = withNewKernel();
    world.thisMachine = own;

    const { result } = await rebuildIn(world);

    expect(result).toMatchObject({ outcome: 'not-proven', error: { code: 'reboot-needed' } });
    expect(writesOf(world)).toEqual(['prepare', 'switch']);
  });

  it('is not made where that was ruled out', async () => {
    const world = withNewKernel();

    const { result } = await rebuildIn(world, { mayReboot: false });

    expect(result.error).toMatchObject({
      code: 'reboot-needed',
      message: expect.stringContaining('--no-reboot'),
    });
    expect(writesOf(world)).not.toContain('power reboot');
  });

  it('that is not needed is not made of it either, and the rest is done', async () => {
    const world = cloneWorld();
    world.thisMachine = { macs: [mac] };

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
  });

  it('is asked of the node that the VM is on by then', async () => {
    const world = withNewKernel();
    world.onActivate = () => {
      if (world.summary !== undefined)
        world.summary = { ...world.summary, ref: { ...world.summary.ref, node: 'tappaas2' } };
    };

    const { result, notes } = await rebuildIn(world);

    expect(result.outcome).toBe('proven');
    expect(notes).toContain('it was moved to node tappaas2');
    expect(world.powered).toEqual(['tappaas2']);
  });
});
