import type { Address } from './address.ts';
import type { GuestSummary } from './guest.ts';
import type { Fqdn, Hostname } from './name.ts';

/** Where and as whom a guest is entered. */
export interface GuestLogin {
  readonly guest: GuestSummary;
  readonly name: Hostname;
  /** Its full name, where its segment is known. */
  readonly fqdn?: Fqdn;
  readonly address: Address;
  /** Under which the host keys are pinned. */
  readonly alias: string;
}
