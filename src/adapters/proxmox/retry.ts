import { SourceError } from '../../domain/error.ts';
import { inTime, type Waiting } from './waiting.ts';

/** How often something is tried, and how long is waited between: `pauseMs` the first time, twice as long each time after. */
export interface Patience extends Pick<Waiting, 'clock'> {
  readonly attempts: number;
  readonly pauseMs: number;
  /** Asked after a refusal: false where it is final. Absent: none is. */
  readonly mayHelp?: () => boolean;
}

/**
 * Tries again what the product refuses. It tells a lock that was held for a moment from a refusal for good by its text
 * alone, so the work must be such that to try it again does no harm. Any other error is final.
 */
export async function retried<T>(
  work: () => Promise<T>,
  what: string,
  { clock, attempts, pauseMs, mayHelp = () => true }: Patience,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !isRefusal(error) || !mayHelp()) throw error;
    }
    await inTime(clock.sleep(pauseMs * 2 ** (attempt - 1), signal), what, signal);
  }
}

/** Whether the product itself refused, for whatever reason. */
export function isRefusal(error: unknown): error is SourceError {
  return error instanceof SourceError && error.code === 'command-failed';
}
