import type { TruenameError } from '../domain/error.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { ProposedRemedy } from '../domain/finding.ts';
import type { FixOutcome } from '../domain/fix-event.ts';
import type { GuestSummary } from '../domain/guest.ts';
import type { Outage } from '../domain/ports.ts';
import type { Proof } from '../domain/proof.ts';
import type { Remedy } from '../domain/remedy.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { LeftReason } from '../plan/decide.ts';

/** One rung that was taken. */
export interface TakenRung {
  readonly remedy: Remedy;
  /** From the command to the lease being read back. */
  readonly seconds: number;
  /** The name in the lease afterwards; null for none, or when nobody could look. */
  readonly lease: string | null;
}

/** What came of one guest. */
export interface GuestResult {
  readonly guest: GuestSummary;
  readonly outcome: FixOutcome;
  /** One line: what was found or done. */
  readonly why: string;
  /** Why it was left, where it was. */
  readonly reason?: LeftReason;
  /** Meant itself, not by a filter. */
  readonly named?: boolean;
  /** Absent where it was not looked at. */
  readonly evidence?: Evidence;
  /** Rungs that would be taken, of a run that changes nothing. */
  readonly planned: readonly Remedy[];
  readonly taken: readonly TakenRung[];
  /** Rungs that could help, and that nobody allowed. */
  readonly withheld: readonly Remedy[];
  /** What a person can do beside. */
  readonly advice: readonly ProposedRemedy[];
  /** The last thing that was seen, after the last rung. */
  readonly after?: Snapshot;
  readonly proof?: Proof;
  /** Absent where nothing was done. */
  readonly outage?: Outage;
  readonly seconds: number;
  readonly error?: TruenameError;
}

/** What came of a whole run. */
export interface FixRun {
  readonly run: string;
  /** Its journal is kept, so that it can be undone. */
  readonly remembered: boolean;
  readonly dryRun: boolean;
  readonly results: readonly GuestResult[];
  /** Why no further guest was begun; absent where all had their turn. */
  readonly stopped?: string;
}

/**
 * True where nothing is left to be done for a guest; a plan that was only asked for is fine too, and so is a guest that a
 * filter took in and that is off or spared.
 */
export function isFine({ outcome, reason, named }: GuestResult): boolean {
  if (outcome === 'left') return named !== true && (reason === 'spared' || reason === 'guest-off');
  return outcome === 'right' || outcome === 'mended' || outcome === 'planned';
}
