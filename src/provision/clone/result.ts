import type { ReadBack, ServerWrite } from '../../apply/reserve/result.ts';
import type { Address } from '../../domain/address.ts';
import type { SentName } from '../../domain/dhcp-client.ts';
import type { TruenameError } from '../../domain/error.ts';
import type { GuestRef } from '../../domain/guest.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Fqdn, Hostname } from '../../domain/name.ts';
import type { Proof } from '../../domain/proof.ts';

/** How one clone came out, worst first. */
export type CloneOutcome =
  /** It is not whole; what of it is there is said. */
  | 'failed'
  /** Something speaks against its name, or against another of the same run, and nothing was made. */
  | 'refused'
  /** It failed, or another did, and what the run made of it was taken away. */
  | 'rolled-back'
  /** It runs, and something of its name is wrong or could not be seen. */
  | 'not-proven'
  /** It leases under its own name, and DNS says so. */
  | 'proven'
  /** It is made and was not to be started. */
  | 'made'
  /** What would be made, where nothing was to be changed. */
  | 'planned';

/** A NIC of a clone whose MAC address was chosen. */
export interface CloneNic {
  readonly slot: string;
  readonly mac: Mac;
  /** Name of its segment. */
  readonly segment: string;
  /** Whether its MAC address is reserved under the name at the segment's server. */
  readonly reserved: boolean;
}

/** What came of one clone. */
export interface CloneResult {
  readonly name: Hostname;
  /** As it is, or would be. */
  readonly ref?: GuestRef;
  readonly fqdn?: Fqdn;
  readonly nics: readonly CloneNic[];
  readonly outcome: CloneOutcome;
  readonly why: string;
  readonly notes: readonly string[];
  /** True where an earlier run had made it already. */
  readonly continued: boolean;
  readonly address?: Address;
  readonly reservation: readonly ReadBack[];
  readonly proof?: Proof;
  /** What the guest says of itself, whatever its server makes of it; absent where nobody could look. */
  readonly sends?: { readonly now: SentName; readonly nextBoot: SentName };
  readonly error?: TruenameError;
}

/** What came of a run. */
export interface CloneRun {
  readonly run: string;
  readonly dryRun: boolean;
  /** Undefined where it was not found. */
  readonly source?: { readonly ref: GuestRef; readonly name: string };
  readonly servers: readonly ServerWrite[];
  /** In the order of the names. */
  readonly results: readonly CloneResult[];
  /** What ended the run before its end. */
  readonly error?: TruenameError;
}
