import type { TruenameError } from '../../domain/error.ts';
import type { Proof } from '../../domain/proof.ts';
import type { Remedy } from '../../domain/remedy.ts';
import type { Snapshot } from '../../domain/snapshot.ts';

/** How a rebuild ended. A failure after the switch is `not-proven`: the guest runs its new system. */
export interface RebuildResult {
  readonly outcome: 'proven' | 'not-proven' | 'failed' | 'planned';
  readonly segment?: string;
  readonly fqdn?: string;
  readonly address?: string;
  readonly before?: Snapshot;
  readonly after?: Snapshot;
  readonly proof?: Proof;
  readonly remedies: readonly Remedy[];
  readonly error?: TruenameError;
}

/** What is known already when a step fails; it belongs to the result. */
export type Known = Writable<Omit<RebuildResult, 'outcome' | 'error'>> & {
  /** True as soon as the system is known to be in force, by this run or before it. */
  runs?: true;
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What is known, as a result. */
export function resultOf(known: Known, outcome: RebuildResult['outcome']): RebuildResult {
  const { runs: _, ...seen } = known;
  return { ...seen, outcome };
}
