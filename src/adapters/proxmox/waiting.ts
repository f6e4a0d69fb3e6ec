import { SourceError } from '../../domain/error.ts';
import type { Clock } from '../../domain/ports.ts';
import { proxmox } from './client.ts';

/** How an answer that takes time is asked for again. */
export interface Waiting {
  readonly clock: Pick<Clock, 'sleep'>;
  /** Between two questions, in milliseconds. */
  readonly pollMs: number;
}

/**
 * Asks until there is an answer. When the signal ends the wait it throws `timeout` (or `cancelled`
 * for an interruption) that says what was waited for.
 */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  what: string,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    if (signal.aborted) throw endOfPatience(signal, what);
    const answer = await ask();
    if (answer !== undefined) return answer;
    await waiting.clock.sleep(waiting.pollMs, signal).catch((error: unknown) => {
      throw signal.aborted ? endOfPatience(signal, what) : error;
    });
  }
}

function endOfPatience(signal: AbortSignal, what: string): SourceError {
  const reason: unknown = signal.reason;
  const timeIsUp = reason instanceof Error && reason.name === 'TimeoutError';
  return timeIsUp
    ? new SourceError('timeout', proxmox, `${what} did not happen in time`)
    : new SourceError('cancelled', proxmox, `interrupted while waiting: ${what}`);
}
