import { SourceError } from '../../domain/error.ts';
import type { Clock } from '../../domain/ports.ts';
import { proxmox } from './client.ts';

/** How an answer that takes time is asked for again. */
export interface Waiting {
  readonly clock: Pick<Clock, 'sleep'>;
  /** Between two questions, in milliseconds. */
  readonly pollMs: number;
  /** Before the first question; the pauses then grow by a fifth each, up to `pollMs`. Absent: asked at once. */
  readonly firstMs?: number;
}

/**
 * The promise, but for its error once the signal has fired: then `timeout` (or `cancelled` for an interruption)
 * that says what was waited for, however whoever was asked words its end.
 */
export async function inTime<T>(promise: Promise<T>, what: string, signal: AbortSignal): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw signal.aborted ? endOfPatience(signal, what) : error;
  }
}

/** Asks until there is an answer. When the signal ends the wait, or a question, it throws as {@link inTime} does. */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  what: string,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<T> {
  let pauseMs = waiting.firstMs ?? 0;
  for (;;) {
    if (signal.aborted) throw endOfPatience(signal, what);
    if (pauseMs > 0) await inTime(waiting.clock.sleep(pauseMs, signal), what, signal);
    const answer = await inTime(ask(), what, signal);
    if (answer !== undefined) return answer;
    pauseMs = pauseMs === 0 ? waiting.pollMs : Math.min(pauseMs * 1.2, waiting.pollMs);
  }
}

function endOfPatience(signal: AbortSignal, what: string): SourceError {
  const reason: unknown = signal.reason;
  const timeIsUp = reason instanceof Error && reason.name === 'TimeoutError';
  return timeIsUp
    ? new SourceError('timeout', proxmox, `${what} did not happen in time`)
    : new SourceError('cancelled', proxmox, `interrupted while waiting: ${what}`);
}
