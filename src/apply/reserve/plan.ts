import pLimit from 'p-limit';
import { asTruenameError, TruenameError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import type { OwnReservation } from '../../domain/reservation.ts';
import {
  decideReservations,
  type ReservationDecision,
  type ReservationPolicy,
} from '../../plan/decide-reservation.ts';
import type { PlannedWrite, ServerTurn } from './carry-out.ts';
import type { LocatedGuest } from './locate.ts';
import { subjectFor, viewServer } from './look.ts';
import { readBack } from './read-back.ts';
import type { ReadBack, ReservationResult } from './result.ts';
import type { ReserveSources } from './sources.ts';

/** What is to be done for the guests of one server. */
export interface PlannedReservations {
  /** Absent where the server could not be read, or cannot be written. */
  readonly turn?: ServerTurn;
  /** Of guests for which nothing is to be written. */
  readonly settled: readonly ReservationResult[];
}

/** Guests whose names are looked up together. */
const looksAtOnce = 8;

/** Reads a server once, and decides for all of its guests; what stands already is read back once. */
export async function planReservations(
  sources: ReserveSources,
  server: DhcpServer,
  guests: readonly LocatedGuest[],
  { inventory, policy }: { readonly inventory: readonly GuestSummary[]; readonly policy: ReservationPolicy },
  signal: AbortSignal,
): Promise<PlannedReservations> {
  const view = await viewServer(server, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    return asTruenameError(error);
  });
  if (view instanceof TruenameError) return refuseAll(guests, view);
  const limit = pLimit(looksAtOnce);
  const subjects = await Promise.all(
    guests.map((each) => limit(() => subjectFor(sources, each, view, inventory, signal))),
  );
  const decisions = decideReservations(subjects, view, policy);
  const writes: PlannedWrite[] = [];
  const settled: ReservationResult[] = [];
  const standing: {
    readonly located: LocatedGuest;
    readonly why: string;
    readonly own: OwnReservation | null;
  }[] = [];
  for (const [index, located] of guests.entries()) {
    const decision = decisions[index] as ReservationDecision;
    if (decision.action === 'write') writes.push(planned(located, decision));
    else if (decision.action === 'refuse') settled.push(refused(located, refusal(located, decision)));
    else {
      const own = view.standing.own.find(({ mac }) => mac === located.nic.mac) ?? null;
      standing.push({ located, why: decision.why, own });
    }
  }
  const expected = standing.map(({ located, own }) => ({
    difference: { mac: located.nic.mac, was: own, becomes: own },
    fqdn: located.subject.fqdn,
    resolvers: located.segment.resolvers,
  }));
  const links =
    standing.length === 0
      ? []
      : await readBack(sources, server, expected, { leaseMs: 0, proofMs: 0 }, signal);
  for (const [index, { located, why, own }] of standing.entries())
    settled.push(unchanged(located, own, why, own === null ? [] : (links[index] ?? [])));
  return { turn: { server, view, writes }, settled };
}

/** For guests of a server at which nothing can be done. */
export function refuseAll(guests: readonly LocatedGuest[], error: TruenameError): PlannedReservations {
  return { settled: guests.map((each) => refused(each, error)) };
}

/** What every result says of its guest. */
function resultOf({ subject, nic, segment, journalled }: LocatedGuest) {
  const { ref } = subject.guest;
  const { name } = journalled;
  return { name, ref, slot: nic.slot, mac: nic.mac, server: segment.dhcpServer, notes: [], readBack: [] };
}

function planned(
  located: LocatedGuest,
  { difference, notes }: Extract<ReservationDecision, { action: 'write' }>,
): PlannedWrite {
  const { was, becomes } = difference;
  const why =
    was === null ? 'would be reserved' : 'would be reserved in place of what Truename reserved before';
  return {
    guest: located.journalled,
    difference,
    fqdn: located.subject.fqdn,
    resolvers: located.segment.resolvers,
    result: {
      ...resultOf(located),
      was,
      becomes,
      outcome: 'planned',
      why,
      notes: [...notes, ...fixed(located)],
    },
  };
}

function fixed({ nic }: LocatedGuest): string[] {
  if (typeof nic.ipv4 !== 'object') return [];
  return [`the hypervisor gives it the address ${nic.ipv4.fixed}: it may never ask a DHCP server`];
}

function refusal(
  { subject }: LocatedGuest,
  { code, why, hint }: Extract<ReservationDecision, { action: 'refuse' }>,
): TruenameError {
  return new TruenameError(code, why, { where: subject.where, ...(hint === undefined ? {} : { hint }) });
}

function refused(located: LocatedGuest, error: TruenameError): ReservationResult {
  return { ...resultOf(located), was: null, becomes: null, outcome: 'refused', why: error.message, error };
}

function unchanged(
  located: LocatedGuest,
  own: OwnReservation | null,
  why: string,
  links: readonly ReadBack[],
): ReservationResult {
  const open = links.find(({ state }) => state === 'refuted' || state === 'not-observable');
  const told = { ...resultOf(located), was: own, becomes: own, readBack: links };
  if (open === undefined) return { ...told, outcome: 'unchanged', why };
  return { ...told, outcome: 'not-proven', why: `${why}, but ${open.because}` };
}
