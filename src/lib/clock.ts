import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../domain/ports.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  elapsed: () => performance.now(),
  async sleep(ms, signal) {
    await delay(ms, undefined, { signal });
  },
};
