import { describe, expect, it } from 'vitest';
import { rebuildIn } from '../../../test/support/rebuild-in.ts';
import {
  cloneWorld,
  type RebuildWorld,
  rebuiltWorld,
  sourceError,
  writesOf,
} from '../../../test/support/rebuild-world.ts';
import { address, mac, system } from '../../../test/support/sample-snapshot.ts';
import { TruenameError } from '../../domain/error.ts';

/** A lease under the right name that ends some hours from now, as no acknowledgement of this guest said. */
function leaseOfYesterday(world: RebuildWorld): void {
  const expiresAt = new Date(Date.parse(world.clock.now()) + 6 * 3600_000).toISOString();
  world.lease = { address, mac, name: 'alpha', expiresAt };
}

describe('a name that is not proven', () => {
  it('ends as not-proven when the lease keeps the old name', async () => {
    const world = cloneWorld();
    world.onRemedy = () => undefined;

    const { result, failed } = await rebuildIn(world);

    expect(result).toMatchObject({ outcome: 'not-proven', error: { code: 'renewal-unanswered' } });
    expect(failed).toEqual(['name: renewal-unanswered']);
    expect(result.remedies.map((remedy) => remedy.kind)).toEqual(['refresh-static-name']);
  });

  it('ends as not-proven when the server is not alive, and the guest is asked for nothing', async () => {
    const world = cloneWorld();
    world.life = { alive: false, why: 'no dnsmasq process runs' };

    expect((await rebuildIn(world)).result).toMatchObject({
      outcome: 'not-proven',
      error: { code: 'dhcp-server-silent' },
    });
    expect(writesOf(world)).toEqual(['prepare', 'switch']);
  });

  it('does not believe a table of yesterday, though it holds the right name', async () => {
    const world = rebuiltWorld();
    world.onRemedy = () => undefined;
    leaseOfYesterday(world);

    const { result } = await rebuildIn(world, { dryRun: true });

    expect(result.proof).toMatchObject({ proven: false, now: [{ link: 'lease', state: 'refuted' }, {}, {}] });
    expect((await rebuildIn(world)).result.outcome).toBe('not-proven');
  });

  it('does not believe a right DNS answer over a wrong lease', async () => {
    const world = rebuiltWorld();
    world.onRemedy = () => {
      const expiresAt = new Date(Date.parse(world.clock.now()) + 3600_000).toISOString();
      world.lease = { address, mac, name: 'tappaas-nixos', expiresAt };
      world.guest = {
        ...world.guest,
        client: world.guest.client && { ...world.guest.client, leaseExpiresAt: expiresAt },
      };
    };
    world.onRemedy({
      kind: 'force-renewal',
      client: 'network-manager',
      device: 'ens18',
      disruption: 'renew',
      reach: 'guest',
      lasts: 'request',
    });

    const { result, events } = await rebuildIn(world);

    expect(result).toMatchObject({
      outcome: 'not-proven',
      proof: { now: [{ state: 'refuted' }, { state: 'proven' }, { state: 'proven' }] },
    });
    expect(result).not.toHaveProperty('error');
    expect(events.findLast(({ type }) => type === 'step-ended')).toMatchObject({
      step: 'proof',
      passed: false,
    });
  });

  it('waits for a resolver, and does not take its silence for a proof', async () => {
    const world = rebuiltWorld();
    world.forward = sourceError('timeout');

    const { result } = await rebuildIn(world);

    expect(result).toMatchObject({
      outcome: 'not-proven',
      proof: { now: [{ state: 'proven' }, { state: 'not-observable' }, {}] },
    });
    expect(world.clock.elapsed()).toBeGreaterThan(20_000);
  });

  it('is proven as soon as a slow resolver follows', async () => {
    const world = rebuiltWorld();
    world.forward = { status: 'none' };
    const sleep = world.clock.sleep;
    world.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      if (world.clock.elapsed() > 5000) world.forward = { status: 'answered', records: [address] };
    };

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
    expect(world.clock.elapsed()).toBeLessThan(15_000);
  });

  it('takes no step when nobody can read the leases', async () => {
    const world = rebuiltWorld();
    world.onScript = () => {
      if (world.log.includes('evaluate')) world.lease = sourceError('timeout');
    };

    expect((await rebuildIn(world)).result.outcome).toBe('not-proven');
    expect(writesOf(world)).toEqual(['prepare']);
  });
});

describe('a reboot', () => {
  function withNewKernel(): RebuildWorld {
    const world = cloneWorld();
    const fresh = { ...system('alpha'), kernel: 'k2' };
    world.built = { booted: world.guest.nixos.booted, current: fresh, next: fresh };
    return world;
  }

  function boot(world: RebuildWorld): void {
    const { nixos, identity } = world.guest;
    world.guest = {
      ...world.guest,
      nixos: { ...nixos, booted: nixos.next },
      identity: { ...identity, bootId: 'boot-2' },
    };
  }

  it('is made when the kernel differs, and believed when another boot id is seen', async () => {
    const world = withNewKernel();
    world.onReboot = () => boot(world);

    const { result, steps, notes } = await rebuildIn(world);

    expect(result.outcome).toBe('proven');
    expect(steps).toContain('reboot');
    expect(notes).toContainEqual('the new kernel takes effect at a boot only');
    expect(writesOf(world)).toEqual([
      'prepare',
      'switch',
      'power reboot',
      'remedy refresh-static-name',
      'remedy set-transient-name',
    ]);
  });

  it('is made when switch-to-configuration asks for one', async () => {
    const world = cloneWorld();
    world.switchResults = ['reboot-required'];
    world.onReboot = () => boot(world);

    expect((await rebuildIn(world)).steps).toContain('reboot');
  });

  it('is not believed while the old boot id is seen', async () => {
    const world = withNewKernel();

    const { result, failed } = await rebuildIn(world);

    expect(result).toMatchObject({ outcome: 'not-proven', error: { code: 'reboot-not-seen' } });
    expect(failed).toEqual(['reboot: reboot-not-seen']);
    expect(writesOf(world)).not.toContain('remedy refresh-static-name');
  });

  it('is seen when the guest comes back with other host keys', async () => {
    const fresh = `ssh-ed25519 ${'B'.repeat(68)}`;
    const world = withNewKernel();
    world.onReboot = () => {
      boot(world);
      world.agentKeys = [fresh];
      world.serverKeys = [fresh];
    };

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
  });

  it('is followed by the same question: is this the VM?', async () => {
    const world = withNewKernel();
    world.onReboot = () => {
      boot(world);
      world.guest = { ...world.guest, identity: { ...world.guest.identity, macs: [] } };
    };

    expect((await rebuildIn(world)).result).toMatchObject({
      outcome: 'not-proven',
      error: { code: 'not-the-vm' },
    });
    expect(writesOf(world).at(-1)).toBe('power reboot');
  });
});

describe('a run that is ended from outside', () => {
  it.each([
    ['timeout', new DOMException('time is up', 'TimeoutError')],
    ['cancelled', new DOMException('SIGINT', 'AbortError')],
  ])('before the switch is %s and failed', async (code, reason) => {
    const world = cloneWorld();
    const run = new AbortController();
    world.onScript = () => run.abort(reason);

    const { result } = await rebuildIn(world, {}, run.signal);

    expect(result).toMatchObject({ outcome: 'failed', error: { code } });
    expect(writesOf(world)).toEqual([]);
  });

  it('after the switch is not-proven: the guest runs its new system', async () => {
    const world = cloneWorld();
    const run = new AbortController();
    world.onRemedy = () => run.abort(new DOMException('SIGINT', 'AbortError'));

    expect((await rebuildIn(world, {}, run.signal)).result).toMatchObject({
      outcome: 'not-proven',
      error: { code: 'cancelled' },
    });
  });

  it('does nothing at all when it is over before it begins', async () => {
    const world = cloneWorld();

    const { result } = await rebuildIn(world, {}, AbortSignal.abort(new DOMException('x', 'AbortError')));

    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'cancelled' } });
    expect(world.log).toEqual([]);
  });

  it('is a fault of Truename when an adapter throws what it must not', async () => {
    const world = cloneWorld();
    world.onScript = () => {
      throw new RangeError('odd');
    };

    expect((await rebuildIn(world)).result).toMatchObject({
      outcome: 'failed',
      error: { code: 'internal', message: 'odd' },
    });
  });
});

describe('two runs in one guest', () => {
  it('are none: the second ends before it enters', async () => {
    const world = cloneWorld();
    world.busy = new TruenameError('busy', 'run x works on it');

    expect((await rebuildIn(world)).result).toMatchObject({ outcome: 'failed', error: { code: 'busy' } });
    expect(world.log).toEqual([]);
  });

  it('never lock each other out for good: the lock is held while it works, and goes however it ends', async () => {
    const world = cloneWorld();
    const held: number[] = [];
    world.onActivate = () => {
      held.push(world.locked.length);
      throw new RangeError('odd');
    };

    await rebuildIn(world);

    expect([held, world.locked]).toEqual([[1], []]);
  });

  it('may look at once', async () => {
    const world = cloneWorld();
    world.busy = new TruenameError('busy', 'run x works on it');

    expect((await rebuildIn(world, { dryRun: true })).result.outcome).toBe('planned');
  });
});
