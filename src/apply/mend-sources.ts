import type { GuestRef } from '../domain/guest.ts';
import type { GuestWrite, Locks, RunJournal, WrittenNames } from '../domain/journal.ts';
import type { Clock, Reachability, Restored, Shell } from '../domain/ports.ts';
import type { Remedy } from '../domain/remedy.ts';
import type { ExamineSources } from '../observe/examine-sources.ts';

/** What is remembered between runs; absent where the state directory cannot be written. */
export interface MendState {
  readonly journal: RunJournal;
  readonly locks: Locks;
  readonly names: WrittenNames;
}

/** Everything outside of a mending, put in by the composition root. */
export interface MendSources extends ExamineSources {
  /** Carries out one remedy in the guest; its exit code is no proof. */
  readonly apply: (shell: Shell, remedy: Remedy, signal: AbortSignal) => Promise<void>;
  /** Puts one write back in the guest. */
  readonly restore: (shell: Shell, write: GuestWrite, signal: AbortSignal) => Promise<Restored>;
  /** A cold restart by the hypervisor; absent where it cannot be asked for one. */
  readonly reboot?: (ref: GuestRef, signal: AbortSignal) => Promise<void>;
  readonly reachability: Reachability;
  /** The name that Truename gave to a guest last; undefined where it never did. */
  readonly lastWritten: (alias: string) => Promise<string | undefined>;
  readonly state?: MendState;
  readonly clock: Clock;
  /** How long a guest may take to boot, a name to arrive at lease and DNS, and one look, in milliseconds. */
  readonly patience: { readonly bootMs: number; readonly proofMs: number; readonly lookMs: number };
}
