import { type Observation, seenValue } from './observation.ts';
import type { DnsAnswer } from './ports.ts';

/** The records of an answer, none where it has none; undefined where nobody could look, or no such zone is served. */
export function recordsOf<T>(answer: Observation<DnsAnswer<T>>): readonly T[] | undefined {
  if (answer.seen === 'not-observable') return undefined;
  const value = seenValue(answer);
  if (value?.status === 'not-served') return undefined;
  return value?.status === 'answered' ? value.records : [];
}

/** True where a resolver was asked and has no record, for whatever reason. */
export function isWithoutRecord(answer: Observation<DnsAnswer<unknown>>): boolean {
  return seenValue(answer)?.status === 'not-served' || recordsOf(answer)?.length === 0;
}

/**
 * Why a resolver lacks a name that a lease bears, as far as its answers prove it. `domain-not-forwarded`: it knows nothing of
 * the domain. `missing-at-this-resolver`: another resolver of the segment has the record. `lease-not-registered`: it knows the
 * domain, and nobody has the record. `forward-missing`: whether it knows the domain could not be seen.
 */
export type MissingKind =
  | 'domain-not-forwarded'
  | 'missing-at-this-resolver'
  | 'lease-not-registered'
  | 'forward-missing';

/** What tells why a name is missing. */
export interface MissingSigns {
  readonly forward: Observation<DnsAnswer<unknown>>;
  /** Whether the resolver knows anything of the domain: the domain itself, or another lease in it; undefined where not seen. */
  readonly knowsDomain: boolean | undefined;
  /** Another resolver of the segment has a record of the name. */
  readonly knownElsewhere: boolean;
}

/** {@link MissingKind} of a name of which the answer has no record. */
export function whyMissing({ forward, knowsDomain, knownElsewhere }: MissingSigns): MissingKind {
  if (seenValue(forward)?.status === 'not-served' || knowsDomain === false) return 'domain-not-forwarded';
  if (knownElsewhere) return 'missing-at-this-resolver';
  return knowsDomain === true ? 'lease-not-registered' : 'forward-missing';
}
