import { type Disruption, disruptions, type Reach, type Remedy, reaches } from '../domain/remedy.ts';

/** How much a run may be felt, and by whom. */
export interface Limits {
  readonly disruption: Disruption;
  readonly reach: Reach;
}

/** Nobody but the guest feels it, and the guest for less than a second. */
export const defaultLimits: Limits = { disruption: 'blip', reach: 'guest' };

/** True when a rung is within the limits. */
export function isAllowed(remedy: Remedy, limits: Limits): boolean {
  return (
    disruptions.indexOf(remedy.disruption) <= disruptions.indexOf(limits.disruption) &&
    reaches.indexOf(remedy.reach) <= reaches.indexOf(limits.reach)
  );
}

/** The ladder's order: by who feels it, then by how much. Rungs that cost the same keep their order. */
export function inOrder(rungs: readonly Remedy[]): Remedy[] {
  const cost = (remedy: Remedy) =>
    reaches.indexOf(remedy.reach) * disruptions.length + disruptions.indexOf(remedy.disruption);
  return [...rungs].sort((left, right) => cost(left) - cost(right));
}
