import type { LinkName, NameChain } from './chain.ts';
import type { Evidence } from './evidence.ts';
import type { Disruption, Reach } from './remedy.ts';

/** What a rule is given: the machine's evidence, and its chain, which follows from it. */
export interface CheckInput {
  readonly evidence: Evidence;
  readonly chain: NameChain;
}

/** `fault`: a link is broken now. `risk`: right now, and will break. `notice`: worth knowing, and nothing is wrong. */
export type Severity = 'fault' | 'risk' | 'notice';

/** One thing that was seen, as a rule took it for proof. */
export interface Exhibit {
  /** In people's words: `name in the lease`. */
  readonly what: string;
  /** As it was seen; any text, to be escaped where it is shown. */
  readonly value: string;
  /** The file, command or service that was read. */
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** What would put it right: data, to be shown and planned with. */
export interface ProposedRemedy {
  /** Stable kebab-case id, such as `force-renewal`. */
  readonly kind: string;
  /** What it is done to: `guest 610`, `role of truename@pve!audit`. */
  readonly target: string;
  readonly disruption: Disruption;
  readonly reach: Reach;
  /** One or two sentences for people, with the command where there is one. */
  readonly how: string;
}

/** The first broken link has a reason, and this is it. */
export interface Finding {
  /** Id of the rule; its page is docs/rules/ID.md. */
  readonly rule: string;
  readonly severity: Severity;
  /** The link at which it sits. */
  readonly link: LinkName;
  /** One line: what is wrong with this very machine. */
  readonly summary: string;
  readonly evidence: readonly Exhibit[];
  readonly remedies: readonly ProposedRemedy[];
}

/** A diagnosis rule: pure, and right only where it can prove it. */
export interface Rule {
  /** Stable, kebab-case; never reused. */
  readonly id: string;
  /** One line for people: what the rule finds. */
  readonly title: string;
  readonly link: LinkName;
  /** Ids of the rules whose findings explain this one: with one of them it is a consequence. */
  readonly follows: readonly string[];
  /** Undefined when it does not apply, or when what it needs could not be seen. */
  check(input: CheckInput): Finding | undefined;
}

/** A finding among the others of its machine. */
export interface OrderedFinding extends Finding {
  /** The rule of the finding that it follows from; absent for a cause. */
  readonly causedBy?: string;
}

/** What is to be said of one machine. */
export interface Diagnosis {
  readonly chain: NameChain;
  /** Causes before consequences, then in the order of the chain. */
  readonly findings: readonly OrderedFinding[];
  /** The first link, from the left, that is wrong or absent where a name must be; absent when none is. */
  readonly firstBroken?: { readonly link: LinkName; readonly of?: string };
  /** Links that matter and could not be looked at. */
  readonly unseen: readonly LinkName[];
  /** `findings` also where a broken link has no rule that explains it. */
  readonly outcome: 'healthy' | 'findings' | 'could-not-look';
}
