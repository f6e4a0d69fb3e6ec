import { clone } from '../../src/provision/clone/clone.ts';
import type { CloneOrder } from '../../src/provision/clone/context.ts';
import type { CloneOutcome, CloneRun } from '../../src/provision/clone/result.ts';
import type { CloneWorld } from './clone-world.ts';
import type { Fate } from './mortal-run.ts';

/** Nobody listens. */
export const quiet = () => undefined;

/** A run of clone in a world, with its order changed so, which may be killed. */
export function runClone(
  world: CloneWorld,
  changes: Partial<CloneOrder> = {},
  fate?: Fate,
): Promise<CloneRun> {
  const order = world.order(changes);
  const { sources, signal } = world.run(order.run, fate);
  return clone(order, sources, quiet, signal);
}

/** How each clone came out, in the order of the names. */
export function outcomesOf({ results }: CloneRun): CloneOutcome[] {
  return results.map(({ outcome }) => outcome);
}
