import type { Hostname } from '../../domain/name.ts';
import type { Remedy, RemedyAction, RemedyCost } from '../../domain/remedy.ts';
import type { GuestView } from '../../domain/snapshot.ts';

/** What a ladder is built from: a guest that was read, and the name that it is to bear. */
export interface LadderScene {
  readonly view: GuestView;
  readonly wanted: Hostname;
  /** The lease bears the name, and is fresh. */
  readonly leaseIsRight: boolean;
  /** The static name is right, or the rung before made it so. */
  readonly staticIsRight: boolean;
  /** Rungs that were taken in this climb. */
  readonly taken: readonly Remedy[];
}

/** What each rung says beyond its kind; all of them are felt by the guest alone. */
type Cost = Pick<RemedyCost, 'disruption' | 'lasts'>;

/** A rung that only the guest feels. */
export function rung<Action extends RemedyAction>(
  action: Action,
  cost: Cost,
): Action & RemedyCost & Pick<Remedy, 'reach'> {
  return { ...action, ...cost, reach: 'guest' };
}
