import type { Clock } from '../src/domain/ports.ts';

/** A clock whose time passes only while somebody waits for it, and then at once. */
export interface SimClock extends Clock {
  /** Runs it when so much time has passed, whoever waits by then. */
  after(ms: number, event: () => void): void;
}

/** How a clock goes. */
export interface SimClockOptions {
  /** Where it begins, in milliseconds since 1970. */
  readonly startsAt: number;
  /** Seconds of its own that pass in one real second; absent: none is waited for at all. */
  readonly speed?: number;
}

/** One thing that happens when its time has come. */
interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * All that waits is kept in the order of its time. Whenever everybody waits, the clock moves on to what is due first: two
 * that sleep a second together sleep one second, as on any other clock.
 */
export function simClock({ startsAt, speed }: SimClockOptions): SimClock {
  let elapsed = 0;
  let count = 0;
  let goes = false;
  const waiting = new Set<Due>();

  const next = () => [...waiting].sort((left, right) => left.at - right.at || left.order - right.order)[0];
  const goOn = () => {
    const due = next();
    if (due === undefined || goes) return;
    goes = true;
    const step = () => {
      goes = false;
      // What was waited for may have been given up meanwhile.
      const first = next();
      if (first !== undefined) {
        waiting.delete(first);
        elapsed = Math.max(elapsed, first.at);
        first.run();
      }
      goOn();
    };
    if (speed === undefined) setImmediate(step);
    else setTimeout(step, (due.at - elapsed) / speed);
  };
  const wait = (ms: number, run: () => void): Due => {
    const due = { at: elapsed + ms, order: count++, run };
    waiting.add(due);
    goOn();
    return due;
  };

  return {
    now: () => new Date(startsAt + elapsed).toISOString(),
    elapsed: () => elapsed,
    after: (ms, event) => void wait(ms, event),
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const due = wait(ms, () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        });
        function giveUp() {
          waiting.delete(due);
          reject(signal.reason);
        }
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
  };
}
