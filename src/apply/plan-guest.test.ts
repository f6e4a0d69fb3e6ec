import { describe, expect, it } from 'vitest';
import type { GivenGuest } from '../../test/support/fix-guest.ts';
import { template } from '../../test/support/fix-run.ts';
import { policy } from '../../test/support/fix-subject.ts';
import { deeds, type FixWorld, fixWorld } from '../../test/support/fix-world.ts';
import { planGuest } from './plan-guest.ts';

const { signal } = new AbortController();
const right: GivenGuest = { vmid: 610, name: 'alpha' };

function plan(world: FixWorld) {
  const candidate = {
    guest: world.guest(610).summary,
    named: false,
    inventory: world.inventory,
    policy: policy(),
  };
  return planGuest(world.sources, candidate, world.emit, signal);
}

/** The resolver knows the name from a moment on, counted in milliseconds. */
function slowDns({ sources, clock }: FixWorld, from: number): void {
  const { resolver } = sources;
  Object.assign(sources, {
    resolver: (id: string) => ({
      ...resolver(id),
      forward: async (...asked: Parameters<ReturnType<typeof resolver>['forward']>) =>
        clock.elapsed() < from ? { status: 'none' } : resolver(id).forward(...asked),
    }),
  });
}

describe('planGuest', () => {
  it('looks once, decides, and tells what it is about to do', async () => {
    const world = fixWorld([{ ...right, lease: 'template' }], { beside: [template] });

    const { decision, evidence, examined } = await plan(world);

    expect(decision.action).toBe('mend');
    expect(examined.evidence).toBe(evidence);
    expect(world.events).toMatchObject([
      { type: 'guest-examined', verdict: 'to be mended, beginning with refresh-static-name' },
    ]);
    expect(deeds(world)).toEqual([]);
  });

  it('goes by the name that Truename gave the guest last', async () => {
    const given: GivenGuest = {
      ...right,
      debian: true,
      lease: 'web6',
      host: { static: 'web6', transient: 'web6' },
    };
    const unknown = fixWorld([given]);
    const known = fixWorld([given]);
    known.memory.names.set(known.guest(610).alias, 'web6');

    expect((await plan(unknown)).decision).toMatchObject({ action: 'left', reason: 'set-on-purpose' });
    // The client is seen to send it too.
    expect((await plan(known)).decision).toMatchObject({ action: 'mend' });
  });

  it('asks resolvers once more before it says that nothing in the guest can mend them', async () => {
    const world = fixWorld([right]);
    slowDns(world, 3000);

    const { decision } = await plan(world);

    expect(decision).toMatchObject({ action: 'none', proof: { proven: true } });
    expect(world.log).toEqual(['look 610', 'look 610']);
  });

  it('waits no longer for resolvers than ten seconds', async () => {
    const world = fixWorld([right]);
    slowDns(world, 60_000);

    const { decision } = await plan(world);

    expect(decision).toMatchObject({ action: 'left', reason: 'not-the-guest' });
    expect(world.clock.elapsed()).toBeLessThan(11_000);
  });

  it('waits for no resolver where the guest itself is wrong', async () => {
    const world = fixWorld([{ ...right, lease: 'template' }], { beside: [template] });
    slowDns(world, 60_000);

    await plan(world);

    expect(world.clock.elapsed()).toBe(0);
  });
});
