import { describe, expect, it } from 'vitest';
import { rebuildIn } from '../../../test/support/rebuild-in.ts';
import { becomeBuilt, cloneWorld, sourceError, writesOf } from '../../../test/support/rebuild-world.ts';
import { system } from '../../../test/support/sample-snapshot.ts';
import { TruenameError } from '../../domain/error.ts';

describe('a build that fails', () => {
  it('is tried again twice, later each time, and then ends the run', async () => {
    const world = cloneWorld();
    world.switchResults = ['not-built'];

    const { result, notes } = await rebuildIn(world);

    expect(result).toMatchObject({
      outcome: 'failed',
      remedies: [],
      error: { code: 'build-failed', message: expect.stringContaining('error: last line') },
    });
    expect(writesOf(world)).toEqual(['prepare', 'switch', 'switch', 'switch']);
    expect(notes).toEqual([expect.stringContaining('in 5 s'), expect.stringContaining('in 20 s')]);
  });

  it('may succeed at the second try', async () => {
    const world = cloneWorld();
    world.switchResults = ['not-built', 'switched'];

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
  });

  it('for want of memory is said to lack it, and not tried again', async () => {
    const world = cloneWorld();
    world.switchResults = ['out-of-memory'];

    expect((await rebuildIn(world)).result.error).toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('memory'),
      hint: expect.stringContaining('--build-on controller'),
    });
    expect(writesOf(world)).toEqual(['prepare', 'switch']);
  });

  it('in its activation is not tried again, and the way back is said', async () => {
    const world = cloneWorld();
    world.switchResults = ['not-activated'];

    expect((await rebuildIn(world)).result).toMatchObject({
      outcome: 'failed',
      error: { code: 'activation-failed', hint: expect.stringContaining('nixos-rebuild switch --rollback') },
    });
    expect(writesOf(world)).toEqual(['prepare', 'switch']);
  });

  it('in its evaluation is not begun', async () => {
    const world = cloneWorld();
    world.evaluation = new TruenameError('evaluation-failed', 'error: infinite recursion');

    expect((await rebuildIn(world)).result.error?.code).toBe('evaluation-failed');
    expect(writesOf(world)).toEqual(['prepare']);
  });

  it('is seen by a second look: the running system is not the new one', async () => {
    const world = cloneWorld();
    world.built = { ...world.built, current: system('tappaas-nixos') };

    expect((await rebuildIn(world)).result).toMatchObject({
      outcome: 'failed',
      error: { code: 'activation-failed' },
    });
  });

  it('is none when the guest is lost right after the switch: its new system is in force', async () => {
    const world = cloneWorld();
    world.onScript = () => {
      if (world.log.includes('switch')) throw sourceError('unreachable');
    };

    expect((await rebuildIn(world)).result).toMatchObject({
      outcome: 'not-proven',
      error: { code: 'unreachable' },
    });
  });
});

describe('a configuration that names another machine', () => {
  it.each(['beta', ''])(
    'declares %j, and what is built declares the VM’s name above it',
    async (declaredName) => {
      const world = cloneWorld();
      world.declaredName = declaredName;

      const { result, notes } = await rebuildIn(world);

      expect(result.outcome).toBe('proven');
      expect(writesOf(world).slice(0, 3)).toEqual(['prepare', 'prepare with its name', 'switch']);
      expect(notes.join()).toContain('declares alpha above it');
    },
  );

  it('is built as it is where that is wanted', async () => {
    const world = cloneWorld();
    world.declaredName = 'beta';
    world.built = { ...world.built, current: system('beta'), next: system('beta') };

    const { result } = await rebuildIn(world, { keepDeclaredName: true });

    expect(result).toMatchObject({ outcome: 'not-proven' });
    expect(writesOf(world).slice(0, 2)).toEqual(['prepare', 'switch']);
  });

  it('is refused where nothing can be declared above it', async () => {
    const world = cloneWorld();
    Object.assign(world, { declaredName: 'beta', nameForced: true });

    expect((await rebuildIn(world)).result.error?.code).toBe('configuration-names-other');
    expect(writesOf(world)).not.toContain('switch');
  });
});

describe('a system that may not be put in force while the old one runs', () => {
  it('is made the one of the next boot, and booted', async () => {
    const world = cloneWorld();
    const { current } = world.guest.nixos;
    world.switchResults = ['inhibited', 'switched'];
    world.onActivate = (action) => {
      if (action === 'boot')
        world.guest = { ...world.guest, nixos: { ...world.guest.nixos, next: system('alpha') } };
    };
    world.onReboot = () => {
      const { identity } = world.guest;
      becomeBuilt(world);
      world.guest = { ...world.guest, identity: { ...identity, bootId: 'boot-2' } };
    };

    const { result, steps, notes } = await rebuildIn(world);

    expect(current?.declaredName).toBe('tappaas-nixos');
    expect(result).toMatchObject({ outcome: 'proven' });
    expect(steps).toContain('reboot');
    expect(writesOf(world).slice(0, 4)).toEqual(['prepare', 'switch', 'boot', 'power reboot']);
    expect(notes.join()).toContain('next boot');
  });
});

describe('a switch that goes on in the guest already', () => {
  it('is waited for, and not made a second time where it brought the same system', async () => {
    const world = cloneWorld();
    let looks = 0;
    world.answer = (script) => {
      if (!script.includes('nixos-rebuil[d]')) return undefined;
      looks += 1;
      if (looks === 3) becomeBuilt(world);
      return looks < 3 ? 'busy\n' : '';
    };

    const { result, notes } = await rebuildIn(world);

    expect(result.outcome).toBe('proven');
    expect(writesOf(world)).not.toContain('switch');
    expect(notes).toEqual([expect.stringContaining('under way in the guest already')]);
  });
});

describe('a session that is lost during the switch', () => {
  it('is opened anew, and the switch that went on without it counts', async () => {
    const world = cloneWorld();
    world.switchResults = ['connection-lost'];
    let looks = 0;
    world.answer = (script) => {
      if (!script.includes('nixos-rebuil[d]') || !world.log.includes('switch')) return undefined;
      looks += 1;
      const { current, next } = world.guest.nixos;
      return looks < 3 ? 'busy\n' : `current=${current?.path}\nnext=${next?.path}\n`;
    };

    const { result, notes } = await rebuildIn(world);

    expect(result.outcome).toBe('proven');
    expect([looks, writesOf(world).filter((each) => each === 'switch').length]).toEqual([3, 1]);
    expect(notes.join()).toContain('session into the guest was lost');
  });

  it('is begun anew where the switch did not go on', async () => {
    const world = cloneWorld();
    world.switchResults = ['connection-lost', 'switched'];
    world.answer = (script) => (script.includes('nixos-rebuil[d]') ? 'current=/a\nnext=/b\n' : undefined);

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
    expect(writesOf(world).filter((each) => each === 'switch')).toHaveLength(2);
  });

  it('ends the run where the VM was stopped meanwhile', async () => {
    const world = cloneWorld();
    world.switchResults = ['connection-lost'];
    world.onActivate = () => {
      if (world.summary !== undefined) world.summary = { ...world.summary, power: 'stopped' };
    };

    expect((await rebuildIn(world)).result).toMatchObject({
      outcome: 'failed',
      error: { code: 'guest-off' },
    });
    expect(writesOf(world)).toEqual(['prepare', 'switch']);
  });
});

describe('a rollback', () => {
  it('is made after a failed activation where it is wanted, and read back', async () => {
    const world = cloneWorld();
    const before = world.guest.nixos;
    world.switchResults = ['not-activated'];
    world.onActivate = () => {
      world.guest = { ...world.guest, nixos: { ...before, next: system('alpha') } };
    };
    world.onRollBack = () => {
      world.guest = { ...world.guest, nixos: before };
    };

    const { result, notes } = await rebuildIn(world, { rollbackOnFailure: true });

    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'activation-failed' } });
    expect(writesOf(world)).toEqual(['prepare', 'switch', 'roll back']);
    expect(notes).toContain('the system of before is in force again');
  });

  it('that did not bring the old system back is said to have not', async () => {
    const world = cloneWorld();
    world.switchResults = ['not-activated'];
    world.onActivate = () => {
      world.guest = { ...world.guest, nixos: { ...world.guest.nixos, next: system('alpha') } };
    };

    const { notes } = await rebuildIn(world, { rollbackOnFailure: true });

    expect(notes.join()).not.toContain('in force again');
    expect(notes.at(-1)).toContain('rolled back, and');
  });

  it('is not made where the next boot is of the system of before: it would go past that one', async () => {
    const world = cloneWorld();
    world.switchResults = ['not-activated'];

    const { notes } = await rebuildIn(world, { rollbackOnFailure: true });

    expect(writesOf(world)).not.toContain('roll back');
    expect(notes.at(-1)).toContain('not rolled back');
  });

  it('is not made after a build that failed', async () => {
    const world = cloneWorld();
    world.switchResults = ['not-built'];

    await rebuildIn(world, { rollbackOnFailure: true });

    expect(writesOf(world)).not.toContain('roll back');
  });
});
