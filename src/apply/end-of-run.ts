import { asTruenameError, TruenameError } from '../domain/error.ts';

/** Why something failed: that the whole run is over counts before what a source makes of being stopped. */
export function failureIn(signal: AbortSignal, error: unknown): TruenameError {
  if (!signal.aborted) return asTruenameError(error);
  const { reason } = signal as { readonly reason: unknown };
  const isLate = reason instanceof Error && reason.name === 'TimeoutError';
  return isLate
    ? new TruenameError('timeout', 'the time for the whole run is over', {
        hint: 'Give more with --timeout.',
        cause: error,
      })
    : new TruenameError('cancelled', 'the run was interrupted', { cause: error });
}
