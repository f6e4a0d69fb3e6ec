import type { TruenameError } from '../domain/error.ts';
import { resolveExitCodes } from '../domain/exit-code.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import type { DnsAnswer, TimedAddress } from '../domain/ports.ts';
import type { Loss, LossKind, Resolution, ResolverAnswers } from '../domain/resolution.ts';
import { couldNotLook } from '../plan/find-losses.ts';
import { isUsage, type ReportedError, reportedError } from './reported-error.ts';

/** What was seen of one guest, or why nothing was. */
export type ResolvedGuest = {
  readonly name: string;
  readonly node: string;
  readonly vmid: number;
} & (
  | { readonly resolution: Resolution; readonly losses: readonly Loss[] }
  | { readonly error: TruenameError }
);

/** The one document of `--json`; its keys are stable and described in docs/reference/resolve-report.md. */
export interface ResolveReport {
  readonly schema: 'truename/resolve/1';
  readonly exitCode: number;
  readonly guests: readonly ReportedResolution[];
  readonly error: ReportedError | null;
}

/** One guest. */
export interface ReportedResolution {
  readonly name: string;
  readonly node: string;
  readonly vmid: number;
  readonly fqdn: string | null;
  readonly lease: {
    readonly address: string;
    readonly name: string | null;
    readonly expiresAt: string | null;
  } | null;
  readonly resolvers: readonly {
    readonly id: string;
    readonly a: ReportedAnswer;
    readonly aaaa: ReportedAnswer;
    readonly ptr: ReportedAnswer;
  }[];
  readonly losses: readonly {
    readonly kind: LossKind;
    readonly resolver: string | null;
    readonly because: string;
    readonly hint: string;
    readonly matters: boolean;
  }[];
  readonly error: ReportedError | null;
}

/** What a resolver answered to one question. */
export interface ReportedAnswer {
  readonly status: 'answered' | 'none' | 'not-served' | 'not-observable';
  readonly records: readonly { readonly value: string; readonly ttlSeconds: number | null }[];
  readonly why: string | null;
  readonly at: string;
}

/** What was looked up, or why nothing was. */
export function resolveReport(
  guests: readonly ResolvedGuest[],
  error: TruenameError | undefined,
): ResolveReport {
  return {
    schema: 'truename/resolve/1',
    exitCode: resolveExitCodes[endingOf(guests, error)].code,
    guests: guests.map(guestReport),
    error: reportedError(error),
  };
}

function endingOf(
  guests: readonly ResolvedGuest[],
  error: TruenameError | undefined,
): keyof typeof resolveExitCodes {
  if (error !== undefined) return isUsage(error) ? 'usage' : 'could-not-look';
  const losses = guests.flatMap((each) => ('losses' in each ? each.losses : []));
  if (losses.some(({ matters }) => matters)) return 'lost';
  const blind = guests.some((each) => 'error' in each || couldNotLook(each.resolution));
  return blind ? 'could-not-look' : 'resolves';
}

function guestReport(guest: ResolvedGuest): ReportedResolution {
  const { name, node, vmid } = guest;
  if ('error' in guest) {
    const error = reportedError(guest.error);
    return { name, node, vmid, fqdn: null, lease: null, resolvers: [], losses: [], error };
  }
  const { resolution, losses } = guest;
  const held = seenValue(resolution.lease)?.lease;
  const lease =
    held === undefined
      ? null
      : { address: held.address, name: held.name ?? null, expiresAt: held.expiresAt ?? null };
  return {
    name,
    node,
    vmid,
    fqdn: resolution.fqdn,
    lease,
    resolvers: resolution.resolvers.map(resolverReport),
    losses: losses.map(({ kind, resolver, because, hint, matters }) => ({
      kind,
      resolver: resolver ?? null,
      because,
      hint,
      matters,
    })),
    error: leaseError(resolution.lease),
  };
}

/** A lease table that could not be read, as the guest's error: everything else may have been seen. */
function leaseError(lease: Observation<unknown>): ReportedError | null {
  if (lease.seen !== 'not-observable') return null;
  return { code: lease.code, message: lease.why, where: lease.source, hint: null };
}

function resolverReport({ resolver, forward, forward6, reverse }: ResolverAnswers) {
  const address = ({ address: value, ttlSeconds }: TimedAddress) => ({ value, ttlSeconds });
  return {
    id: resolver,
    a: answerReport(forward, address),
    aaaa: answerReport(forward6, address),
    ptr: answerReport(reverse, (value) => ({ value, ttlSeconds: null })),
  };
}

function answerReport<T>(
  answer: Observation<DnsAnswer<T>>,
  record: (record: T) => ReportedAnswer['records'][number],
): ReportedAnswer {
  const { at } = answer;
  if (answer.seen === 'not-observable') return { status: 'not-observable', records: [], why: answer.why, at };
  if (answer.seen === 'empty') return { status: 'none', records: [], why: null, at };
  const { value } = answer;
  const records = value.status === 'answered' ? value.records.map(record) : [];
  return { status: value.status, records, why: value.status === 'not-served' ? value.why : null, at };
}
