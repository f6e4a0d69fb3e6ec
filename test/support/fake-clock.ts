import type { Clock } from '../../src/domain/ports.ts';

/** A clock that stands still until somebody sleeps. */
export interface FakeClock extends Clock {
  /** Moves time forward, as work that takes long does. */
  advance(ms: number): void;
}

/** A clock that begins at 2026-01-01T12:00:00Z; a sleep takes no time but its own. */
export function fakeClock(): FakeClock {
  const start = Date.UTC(2026, 0, 1, 12);
  let elapsed = 0;
  return {
    now: () => new Date(start + elapsed).toISOString(),
    elapsed: () => elapsed,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      elapsed += ms;
    },
    advance(ms) {
      elapsed += ms;
    },
  };
}
