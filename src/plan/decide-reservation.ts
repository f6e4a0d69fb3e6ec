import type { Address } from '../domain/address.ts';
import { isOpen } from '../domain/dhcp-range.ts';
import type { ErrorCode } from '../domain/error.ts';
import { leasesOf } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import { type Hostname, parseHostname } from '../domain/name.ts';
import {
  changedBy,
  type OwnReservation,
  type ReservationDifference,
  sameReservation,
} from '../domain/reservation.ts';
import type { Segment } from '../domain/segment.ts';
import { addressToReserve } from './address-to-reserve.ts';
import { type NameEvidence, whyNoGuests, whyNotThisName } from './conflicts.ts';
import { alreadySaid, type Clash, clashOf, type ServerView } from './reservation-clash.ts';
import type { Roles } from './spare.ts';

/** A guest for which a reservation is asked. */
export interface ReservationSubject {
  readonly mac: Mac;
  readonly segment: Segment;
  /** The address that was asked for with it. */
  readonly address?: Address;
  readonly evidence: NameEvidence;
}

/** By what it is decided. */
export interface ReservationPolicy {
  readonly roles: Roles;
  /** Names that templates give to their clones, beside those at the hypervisor. */
  readonly templates: readonly string[];
  /** Names of the hypervisor's nodes. */
  readonly nodes: readonly string[];
  /** Another machine may have the name. */
  readonly takeName: boolean;
  /** Put Truename's above what somebody else reserved. */
  readonly adopt: boolean;
}

/** What is to be done for one guest. */
export type ReservationDecision =
  | {
      readonly action: 'write';
      readonly difference: ReservationDifference;
      readonly notes: readonly string[];
    }
  | { readonly action: 'nothing'; readonly why: string }
  | { readonly action: 'refuse'; readonly code: ErrorCode; readonly why: string; readonly hint?: string };

/**
 * Decides for guests of one server, in their order: what was decided for one stands for the next. What is decided to be
 * written never clashes with what stands, nor with itself.
 */
export function decideReservations(
  subjects: readonly ReservationSubject[],
  view: ServerView,
  policy: ReservationPolicy,
): ReservationDecision[] {
  let { own } = view.standing;
  return subjects.map((subject) => {
    const decision = decide(subject, { ...view, standing: { ...view.standing, own } }, policy);
    if (decision.action === 'write') own = changedBy(own, [decision.difference]);
    return decision;
  });
}

function decide(
  subject: ReservationSubject,
  view: ServerView,
  policy: ReservationPolicy,
): ReservationDecision {
  const { mac, segment, address, evidence } = subject;
  const name = parseHostname(evidence.wanted);
  const why = whyNotNamed(evidence, policy);
  if (why !== undefined || name === undefined)
    return { action: 'refuse', code: 'name-refused', why: why ?? `"${evidence.wanted}" is no host name` };
  const was = view.standing.own.find((each) => each.mac === mac) ?? null;
  const { wished, note } = wish({ mac, name, asked: address, was, segment }, view, policy.roles);
  const done = whyDone(wished, was, view);
  if (done !== undefined) return { action: 'nothing', why: done };
  const unseen = policy.takeName ? undefined : whoCouldNotBeAsked(evidence);
  if (unseen !== undefined) return { action: 'refuse', ...unseen };
  const clash = atServer(address, policy.roles) ?? clashOf(wished, view, segment);
  if (clash === undefined || (clash.adoptable === true && policy.adopt)) {
    const above = clash === undefined ? [] : [`put above another one: ${clash.why}`];
    const notes = [
      ...above,
      ...(note === undefined ? [] : [note]),
      ...pooled(wished, view),
      ...waiting(wished, view),
    ];
    return { action: 'write', difference: { mac, was, becomes: wished }, notes };
  }
  const { adoptable: _, ...because } = clash;
  return { action: 'refuse', code: 'reservation-conflict', ...because };
}

function whyDone(
  wished: OwnReservation,
  was: OwnReservation | null,
  { standing }: ServerView,
): string | undefined {
  if (sameReservation(was, wished)) return `reserved already, in ${standing.place}`;
  const said = was === null ? alreadySaid(wished, standing) : undefined;
  return said && `somebody else reserved it already, in ${said.file}`;
}

/** An address that was reserved before stays, where nothing is said of one; where one is needed, it is found. */
function wish(
  {
    mac,
    name,
    asked,
    was,
    segment,
  }: {
    readonly mac: Mac;
    readonly name: Hostname;
    readonly asked: Address | undefined;
    readonly was: OwnReservation | null;
    readonly segment: Segment;
  },
  view: ServerView,
  { hosts }: Roles,
): { readonly wished: OwnReservation; readonly note?: string } {
  const told = asked ?? was?.address;
  if (told !== undefined) return { wished: { mac, name, address: told } };
  if (!view.standing.needsAddress) return { wished: { mac, name } };
  const taken = hosts.flatMap((each) => each.hosts);
  const found = addressToReserve(mac, segment, view, taken);
  return found === undefined
    ? { wished: { mac, name } }
    : { wished: { mac, name, address: found.address }, note: found.note };
}

function whyNotNamed(evidence: NameEvidence, { roles, templates, takeName, nodes }: ReservationPolicy) {
  return (
    whyNoGuests(evidence.wanted, { templates, nodes }) ??
    whyNotThisName(evidence, roles, { takeName, templates })
  );
}

/** That nobody else has the name must have been seen at every resolver. */
function whoCouldNotBeAsked({ snapshot }: NameEvidence) {
  for (const { resolver, forward } of snapshot.resolvers) {
    if (forward.seen !== 'not-observable') continue;
    const why = `whether ${resolver} gives the name to another machine could not be seen: ${forward.why}`;
    return { code: forward.code, why, hint: 'Try again when it answers; or add --take-name.' };
  }
  return undefined;
}

function atServer(address: Address | undefined, { hosts }: Roles): Clash | undefined {
  const found = address === undefined ? undefined : hosts.find((each) => each.hosts.includes(address));
  return found && { why: `${address} is the ${found.role} ${found.id}` };
}

/** An address from which others lease too may be reserved: the server keeps it back from then on. */
function pooled({ address }: OwnReservation, { standing }: ServerView): string[] {
  const open = address && standing.ranges?.find((range) => isOpen(range, address));
  if (address === undefined || open === undefined) return [];
  return [
    `${address} lies in the range ${open.from} to ${open.to}, from which others lease; it is kept for this guest from then on`,
  ];
}

/** A lease of another address is not renamed: the guest must ask first. */
function waiting({ mac, address }: OwnReservation, { leases }: ServerView): string[] {
  const held = leasesOf(leases, mac)[0];
  if (held === undefined || address === undefined || held.address === address) return [];
  return [`the guest holds ${held.address}; name and ${address} are its own from its next request on`];
}
