import { asTruenameError, TruenameError } from '../domain/error.ts';
import { notObservable, type Observation, observed } from '../domain/observation.ts';

/**
 * Looks, and turns every failure but an interruption into the observation that nobody could look. The look gets
 * a signal that ends with its time, or with the whole run where `bounded` is left out.
 */
export async function attempt<T>(
  source: string,
  now: () => string,
  signal: AbortSignal,
  look: (until: AbortSignal) => Promise<T | undefined>,
  bounded: () => AbortSignal = () => signal,
): Promise<Observation<T>> {
  const until = bounded();
  try {
    return observed(await look(until), { source, at: now() });
  } catch (error) {
    // An interrupted run is over; every other failure is only a link that could not be seen.
    signal.throwIfAborted();
    return notObservable(failureOf(error, until), { source, at: now() });
  }
}

/** Why a look failed: that its time was over counts before what its source makes of being stopped. */
export function failureOf(error: unknown, until: AbortSignal): TruenameError {
  const known = asTruenameError(error);
  const late = until.aborted || (error instanceof Error && error.name === 'TimeoutError');
  if (!late || known.code === 'timeout') return known;
  return new TruenameError('timeout', 'no answer within the time for one look', { cause: error });
}
