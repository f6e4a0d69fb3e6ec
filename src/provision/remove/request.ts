import type { ReservationResult } from '../../apply/reserve/result.ts';
import type { TruenameError } from '../../domain/error.ts';
import type { GuestRef, GuestSummary } from '../../domain/guest.ts';

/** What a person asked for. */
export interface RemoveRequest {
  readonly run: string;
  /** Guests as `findGuests` takes them; of one that is gone, the name that Truename reserved. */
  readonly words: readonly string[];
  readonly inventory: readonly GuestSummary[];
  /** Names that templates give to their clones. */
  readonly templates: readonly string[];
  /** Switch off what runs. */
  readonly stop: boolean;
}

/** What came of one. */
export interface RemoveResult {
  readonly name: string;
  /** Absent where only its reservation was left. */
  readonly ref?: GuestRef;
  readonly outcome: 'removed' | 'planned' | 'refused' | 'failed';
  readonly why: string;
  /** Those of its MAC addresses that Truename made. */
  readonly reservations: readonly ReservationResult[];
  readonly error?: TruenameError;
}
