import type { Clock } from '../domain/ports.ts';

/** How long something is waited for, and how often it is looked at. */
export interface Patience {
  readonly forMs: number;
  readonly everyMs: number;
}

/** What a look found: the thing, or why not yet. */
export type Look<T> = { readonly found: T } | { readonly notYet: string };

/**
 * Looks until the thing is there or patience ends; then the last reason is returned instead. Looks follow each
 * other at growing distance, up to four times the given one, so that a long wait is a quiet one.
 */
export async function waitFor<T>(
  look: () => Promise<Look<T>>,
  patience: Patience,
  clock: Clock,
  signal: AbortSignal,
): Promise<Look<T>> {
  const deadline = clock.elapsed() + patience.forMs;
  let distance = patience.everyMs;
  for (;;) {
    signal.throwIfAborted();
    const seen = await look();
    if ('found' in seen || clock.elapsed() >= deadline) return seen;
    await clock.sleep(distance, signal);
    distance = Math.min(distance * 1.25, patience.everyMs * 4);
  }
}
