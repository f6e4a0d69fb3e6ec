import type { TruenameError } from '../../domain/error.ts';
import type { GuestRef } from '../../domain/guest.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Reach } from '../../domain/remedy.ts';
import type { OwnReservation } from '../../domain/reservation.ts';

/** How one guest came out of `truename reserve` or `release`, worst first. */
export type ReservationOutcome =
  /** Something went wrong; what was written is taken back, or that is said. */
  | 'failed'
  /** Something speaks against it, and nothing was written. */
  | 'refused'
  /** Written, and something of it could not be seen, or is not so yet. */
  | 'not-proven'
  /** Written, and read back. */
  | 'reserved'
  | 'released'
  /** What would be written, where nothing was to be changed. */
  | 'planned'
  /** Nothing was to be written. */
  | 'unchanged';

/** One thing that was read back after a write. */
export interface ReadBack {
  readonly link: 'reservation' | 'server' | 'lease' | 'forward' | 'reverse';
  /** Which resolver; absent for the other links. */
  readonly of?: string;
  /** `pending`: nothing can bear the name before the guest asks its DHCP server. */
  readonly state: 'proven' | 'refuted' | 'not-observable' | 'pending';
  /** What was seen, one sentence for people. */
  readonly because: string;
  /** When it was read, ISO 8601, UTC. */
  readonly at: string;
}

/** What came of one guest, or of a reservation whose guest is gone. */
export interface ReservationResult {
  readonly name: string;
  /** Absent for a guest that the hypervisor has no more. */
  readonly ref?: GuestRef;
  /** `net0`; absent where none was found. */
  readonly slot?: string;
  readonly mac?: Mac;
  /** Id of the DHCP server; absent where none was found. */
  readonly server?: string;
  readonly was: OwnReservation | null;
  readonly becomes: OwnReservation | null;
  readonly outcome: ReservationOutcome;
  readonly why: string;
  readonly notes: readonly string[];
  readonly readBack: readonly ReadBack[];
  readonly error?: TruenameError;
}

/** What a run did, or would do, at one DHCP server. */
export interface ServerWrite {
  readonly id: string;
  /** Where Truename's reservations stand there. */
  readonly place: string;
  /** Who else feels the write; `null` where there is none. */
  readonly reach: Reach | null;
  /** For how long the last write that is remembered kept the server from answering, in seconds, 0.1 at least; absent where none did. */
  readonly lastPauseSeconds?: number;
  /** How often the server was written to: any number of reservations is one write; another one takes back what did not hold. */
  readonly writes: number;
}

/** What came of a run. */
export interface ReservationRun {
  readonly run: string;
  readonly dryRun: boolean;
  readonly servers: readonly ServerWrite[];
  /** In the order in which they were given. */
  readonly results: readonly ReservationResult[];
}
