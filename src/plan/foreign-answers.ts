import {
  type Backing,
  type Behind,
  type FixedEntry,
  fixedEntriesOf,
  whereItStands,
} from '../domain/fixed-entry.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import type { Loss, Resolution } from '../domain/resolution.ts';

/** What the losses are judged by. */
export interface LossPolicy {
  /** The name at the hypervisor, of one label. */
  readonly wanted: string;
  /** Of the segment. */
  readonly domain: string;
  readonly reverseRequired: boolean;
}

/** What a resolver says beside the lease. */
export interface Foreign {
  readonly said: string;
  readonly behind: Behind;
}

/** Who can stand behind an answer, as far as it was seen. */
export function backingOf({ fqdn, own, bearers, entered }: Resolution, { wanted }: LossPolicy): Backing {
  const seen = <T>(list: Observation<readonly T[]> | undefined) => (list && seenValue(list)) ?? [];
  const entries = fixedEntriesOf(seen(entered?.reservations), seen(entered?.hostEntries));
  return { wanted, fqdn, own: new Set<string>(own), leases: bearers, entries };
}

/** The most telling of what stands behind foreign addresses: another machine, an entry, nobody. */
export function foreignAddresses(
  foreign: readonly Foreign[],
  resolution: Resolution,
): Pick<Loss, 'kind' | 'because' | 'hint'> {
  const because = `${resolution.fqdn} is ${foreign.map(({ said }) => said).join(', ')}`;
  for (const { behind } of foreign) {
    if (behind.by !== 'lease') continue;
    const hint = 'truename leases --name shows who holds the name.';
    const told = `${because}, which ${behind.lease.mac} holds`;
    return { kind: 'another-lease-bears-the-name', because: told, hint };
  }
  const entry = entryBehind(foreign);
  if (entry !== undefined) return shadowed(because, entry);
  const hint =
    'Remove the record where it is kept: a host override at the resolver, or an update that nobody took back.';
  const told = `${because}, and no living lease of the name says so${unseen(resolution)}`;
  return { kind: 'stale-dns-record', because: told, hint };
}

/** The loss where a resolver gives the address of the lease other names: by an entry, or by nobody. */
export function foreignNames(
  address: string,
  foreign: readonly Foreign[],
  resolution: Resolution,
): Pick<Loss, 'kind' | 'because' | 'hint'> {
  const because = `${address} is ${foreign.map(({ said }) => said).join(', ')}`;
  const entry = entryBehind(foreign);
  if (entry !== undefined) return shadowed(because, entry);
  const hint = 'Remove that record where it is kept, at the resolver or behind it.';
  return { kind: 'leftover-ptr', because: `${because}, and no lease says so${unseen(resolution)}`, hint };
}

function entryBehind(foreign: readonly Foreign[]): FixedEntry | undefined {
  return foreign.flatMap(({ behind }) => (behind.by === 'entry' ? [behind.entry] : []))[0];
}

function shadowed(because: string, entry: FixedEntry): Pick<Loss, 'kind' | 'because' | 'hint'> {
  return {
    kind: 'static-entry-shadows-lease',
    because: `${because}, by ${whereItStands(entry)}`,
    hint: `Correct it in ${entry.file}, or take it away; truename doctor says how.`,
  };
}

/** Said where an entry may be the cause, and nobody could look. */
function unseen({ entered }: Resolution): string {
  const blind = entered && [entered.hostEntries, entered.reservations].find(isBlind);
  return blind === undefined
    ? ''
    : `; whether an entry at the DHCP server does could not be seen: ${blind.why}`;
}

function isBlind(
  seen: Observation<unknown>,
): seen is Extract<Observation<unknown>, { readonly seen: 'not-observable' }> {
  return seen.seen === 'not-observable';
}
