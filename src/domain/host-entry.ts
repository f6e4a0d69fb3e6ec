import type { Address } from './address.ts';
import type { Fqdn } from './name.ts';

/** A fixed answer of a server's DNS, whatever it has leased. */
export interface HostEntry {
  readonly address: Address;
  /** As written. */
  readonly names: readonly string[];
  /** The file in which it stands. */
  readonly file: string;
}

/** Whose fixed answers are asked for: those for the name, and those for the address. */
export interface HostQuestion {
  readonly fqdn: Fqdn;
  readonly address: Address;
}
