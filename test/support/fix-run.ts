import { type FixRequest, type FixSignals, fix } from '../../src/apply/fix.ts';
import type { FixRun } from '../../src/apply/fix-result.ts';
import type { GivenGuest } from './fix-guest.ts';
import { policy, summary } from './fix-subject.ts';
import { type FixWorld, type FixWorldChanges, fixWorld } from './fix-world.ts';

/** A template, so that nobody gave its name to a guest on purpose. */
export const template = summary({
  name: 'template',
  template: true,
  ref: { hypervisor: 'pve', node: 'pve1', vmid: 9000 },
});

/** Guests that are alike, numbered from `from`; their leases bear the template's name when nothing is said. */
export function many(
  count: number,
  given: Partial<GivenGuest> = { lease: 'template' },
  from = 100,
): GivenGuest[] {
  return Array.from({ length: count }, (_, index) => ({
    vmid: from + index,
    name: `web${from + index}`,
    ...given,
  }));
}

/** What a person asked for: all guests of the world, none of them by its name. */
export function request(world: FixWorld, changes: Partial<FixRequest> = {}): FixRequest {
  return {
    run: 'run-1',
    guests: [...world.guests.values()].map((each) => ({ guest: each.summary, named: false })),
    inventory: world.inventory,
    policy: policy(),
    dryRun: false,
    atOnce: 4,
    yes: false,
    ...changes,
  };
}

/** A run that nobody interrupts. */
export function signals(changes: Partial<FixSignals> = {}): FixSignals {
  return { stop: new AbortController().signal, abort: new AbortController().signal, ...changes };
}

/** A world after one run of fix, and what came of it. */
interface Played extends FixWorld {
  readonly result: FixRun;
}

/** Runs fix once in a new world. */
export async function play(
  given: readonly GivenGuest[],
  asked: Partial<FixRequest> = {},
  changes: FixWorldChanges = {},
): Promise<Played> {
  const world = fixWorld(given, { beside: [template], ...changes });
  const result = await fix(request(world, asked), world.sources, world.emit, signals());
  return { ...world, result };
}

/** Number and outcome of each guest, in the order of the results. */
export function outcomes({ results }: FixRun): [number, string][] {
  return results.map(({ guest, outcome }) => [guest.ref.vmid, outcome]);
}
