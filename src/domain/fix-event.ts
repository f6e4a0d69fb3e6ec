import type { GuestRef } from './guest.ts';
import type { Remedy } from './remedy.ts';

/** How a guest came out of a run of `truename fix`, worst first. */
export const fixOutcomes = [
  /** Something went wrong on the way; what was done before is said. */
  'failed',
  /** The rungs that were allowed were taken, and the name is still wrong. */
  'not-mended',
  /** The run was over before its turn came. */
  'not-begun',
  /** Something that matters could not be read, so nothing was done. */
  'could-not-look',
  /** Something is wrong, and by policy it was not touched. */
  'left',
  /** Right now, and not after the next boot; what would make it last is said. */
  'not-lasting',
  /** Proven, now and for the next boot. */
  'mended',
  /** What would be done, where nothing was to be changed. */
  'planned',
  /** Nothing was to do. */
  'right',
] as const;
export type FixOutcome = (typeof fixOutcomes)[number];

/** The guest that an event is about. */
export interface EventGuest {
  readonly name: string;
  readonly ref: GuestRef;
}

/** What a run of `truename fix` tells while it works; progress and report are made of nothing else. */
export type FixEvent =
  | { readonly type: 'run-started'; readonly at: string; readonly run: string; readonly guests: number }
  | {
      readonly type: 'guest-examined';
      readonly at: string;
      readonly guest: EventGuest;
      /** What is about to be done: nothing, a rung's kind first to be taken, or why it is left. */
      readonly verdict: string;
    }
  | { readonly type: 'guest-started'; readonly at: string; readonly guest: EventGuest }
  | {
      readonly type: 'rung-started';
      readonly at: string;
      readonly guest: EventGuest;
      readonly remedy: Remedy;
    }
  | { readonly type: 'writing'; readonly at: string; readonly guest: EventGuest; readonly kind: string }
  /** The lease was read after a rung, before all else was: null for no name, or when nobody could look. */
  | {
      readonly type: 'lease-read';
      readonly at: string;
      readonly guest: EventGuest;
      readonly lease: string | null;
    }
  | {
      readonly type: 'rung-ended';
      readonly at: string;
      readonly guest: EventGuest;
      readonly kind: Remedy['kind'];
      readonly seconds: number;
      /** The name in the lease, read back; null for none, or when nobody could look. */
      readonly lease: string | null;
    }
  | { readonly type: 'note'; readonly at: string; readonly guest?: EventGuest; readonly text: string }
  | {
      readonly type: 'guest-ended';
      readonly at: string;
      readonly guest: EventGuest;
      readonly outcome: FixOutcome;
      readonly seconds: number;
      readonly why: string;
    }
  | { readonly type: 'run-stopped'; readonly at: string; readonly why: string }
  | { readonly type: 'run-ended'; readonly at: string; readonly run: string };

/** Takes events as they happen; never throws. */
export type EmitFix = (event: FixEvent) => void;
