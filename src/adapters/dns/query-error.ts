import { SourceError } from '../../domain/error.ts';

/** c-ares: the name, or the record at it, does not exist (node:dns error codes). */
const absent = new Set(['ENOTFOUND', 'ENODATA']);

/** What a failed query means: undefined where the name or record does not exist, else the error to throw. */
export function readFailure(error: unknown, source: string): SourceError | undefined {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (absent.has(code)) return undefined;
  const details = { cause: error };
  switch (code) {
    case 'ECANCELLED':
      return new SourceError('cancelled', source, 'the query was interrupted');
    case 'ETIMEOUT':
      return new SourceError('timeout', source, 'no answer within the time', details);
    case 'ECONNREFUSED':
      return new SourceError('unreachable', source, 'nobody listens there', details);
    default:
      return new SourceError('bad-response', source, `the query failed with ${code}`, details);
  }
}

/** True for the failure of a name that is there without such a record; any other failure is thrown on. */
export function isKnown(error: unknown): true {
  if ((error as NodeJS.ErrnoException).code === 'ENODATA') return true;
  throw error;
}
