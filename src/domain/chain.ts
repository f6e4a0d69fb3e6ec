import type { Observation } from './observation.ts';

/** The links of a machine's name, left to right: each takes its name from one before it. */
export const links = [
  'hypervisor',
  'cloud-init',
  'declaration',
  'static',
  'transient',
  'dhcp-client',
  'next-boot',
  'lease',
  'reservation',
  'forward',
  'forward-ipv6',
  'reverse',
] as const;

/** One of {@link links}. */
export type LinkName = (typeof links)[number];

/**
 * `right`: the name seen is the wanted one. `unserved`: the source keeps no such thing at all. `unused`: the
 * machine does without this link, and nothing is wrong with that (a guest with a fixed address has no lease).
 * `unsupported`: a guest into which Truename does not look.
 */
export type LinkState = 'right' | 'wrong' | 'absent' | 'unknown' | 'unserved' | 'unused' | 'unsupported';

/** One link as it was seen. */
export interface Link {
  readonly link: LinkName;
  /** Which of several, such as the resolver; absent where there is one only. */
  readonly of?: string;
  readonly name: Observation<string>;
  readonly state: LinkState;
  /** What a person should know beside the name. */
  readonly note?: string;
}

/** The whole story of one machine's name. */
export interface NameChain {
  readonly wanted: string;
  readonly links: readonly Link[];
}
