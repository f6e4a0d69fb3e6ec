import { asTruenameError, type ErrorCode } from './error.ts';

/**
 * What was seen at one link: a value, or nothing, or that nobody could look. The third is never
 * read as the second: "could not look" is not "is absent".
 */
export type Observation<T> = Seen<T> | SeenEmpty | NotObservable;

/** Looked, and found a value. */
export interface Seen<T> extends Where {
  readonly seen: 'value';
  readonly value: T;
}

/** Looked, and found nothing there. */
export interface SeenEmpty extends Where {
  readonly seen: 'empty';
}

/** Could not look. */
export interface NotObservable extends Where {
  readonly seen: 'not-observable';
  readonly code: ErrorCode;
  readonly why: string;
}

/** Where and when it was looked at. */
export interface Where {
  /** The file, command or service that was read, as a person would name it. */
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** An observation of a value, or of its absence when the value is undefined or empty. */
export function observed<T>(value: T | undefined, where: Where): Observation<T> {
  const { source, at } = where;
  if (value === undefined || value === '') return { seen: 'empty', source, at };
  return { seen: 'value', value, source, at };
}

/** The observation that nobody could look, from the error that prevented it. */
export function notObservable(error: unknown, where: Where): NotObservable {
  const known = asTruenameError(error);
  const { source, at } = where;
  return { seen: 'not-observable', code: known.code, why: known.message, source, at };
}

/** The value that was seen, or undefined; use only where both other cases mean the same. */
export function seenValue<T>(observation: Observation<T>): T | undefined {
  return observation.seen === 'value' ? observation.value : undefined;
}
