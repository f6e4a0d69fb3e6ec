import { TruenameError } from '../domain/error.ts';
import { type Disruption, disruptions, type Reach, reaches } from '../domain/remedy.ts';
import type { Limits } from '../plan/limits.ts';
import type { SelectionOptions } from './guest-selection.ts';
import type { SiteOptions } from './site-options.ts';

/** Options of `truename fix`, as commander reads them. */
export interface FixOptions extends SiteOptions, SelectionOptions {
  readonly dryRun?: true;
  readonly maxDisruption: string;
  readonly maxReach: string;
  readonly adopt?: string;
  readonly takeName?: true;
  readonly yes?: true;
  readonly atOnce: string;
  readonly json?: true;
  readonly events?: true;
  readonly timeout: string;
}

/** How much of a run may be felt, and by whom. */
export function limitsOf({ maxDisruption, maxReach }: FixOptions): Limits {
  return {
    disruption: oneOf<Disruption>('--max-disruption', disruptions, maxDisruption),
    reach: oneOf<Reach>('--max-reach', reaches, maxReach),
  };
}

/** Which side wins where a name was set in the guest on purpose; undefined for neither. */
export function adoptedSide({ adopt }: FixOptions): 'hypervisor' | 'guest' | undefined {
  return adopt === undefined ? undefined : oneOf('--adopt', ['hypervisor', 'guest'] as const, adopt);
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw new TruenameError('usage', `${option} is one of ${known.join(', ')}`);
}
