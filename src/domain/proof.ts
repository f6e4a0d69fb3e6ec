import type { LinkName } from './chain.ts';
import type { Fqdn } from './name.ts';

/** What is to be proven. */
export interface Claim {
  readonly name: string;
  readonly fqdn: Fqdn;
  /** True: a resolver without a reverse zone refutes the claim. */
  readonly reverseRequired: boolean;
}

/** Whether one thing was proven, and by what. */
export interface Verdict {
  readonly link: LinkName;
  /** Which resolver; absent for the other links. */
  readonly of?: string;
  /** `not-served`: the source keeps no such thing, so nothing can be proven there. */
  readonly state: 'proven' | 'refuted' | 'not-observable' | 'not-served';
  /** What was seen, one sentence for people. */
  readonly because: string;
  /** When it was read, ISO 8601, UTC. */
  readonly at: string;
}

/** The proof that a machine bears its name: now, and at its next boot. */
export interface Proof {
  readonly now: readonly Verdict[];
  readonly lasts: readonly Verdict[];
  /** True when nothing is refuted or unobservable that must be proven. */
  readonly proven: boolean;
}
