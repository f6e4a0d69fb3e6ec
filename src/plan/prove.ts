import type { Address } from '../domain/address.ts';
import { type Fqdn, sameName } from '../domain/name.ts';
import type { Observation } from '../domain/observation.ts';
import type { DnsAnswer } from '../domain/ports.ts';
import type { Proof, Verdict } from '../domain/proof.ts';
import type { GuestView, LeaseView, ResolverView, Snapshot } from '../domain/snapshot.ts';
import { rivalNames, sentAtNextBoot } from './sent-name.ts';

/** What is to be proven. */
export interface Claim {
  readonly name: string;
  readonly fqdn: Fqdn;
  /** True: a resolver without a reverse zone refutes the claim. */
  readonly reverseRequired: boolean;
}

/**
 * How far, in seconds, the rest of a lease by the server's clock and by the client's may differ. Both count
 * from the same acknowledgement; more means that the table is not of today, or that another server leased.
 */
export const leaseTolerance = 60;

/** Judges a snapshot: does the machine bear its name now, and will it after the next boot? */
export function prove(snapshot: Snapshot, claim: Claim): Proof {
  const address = snapshot.lease.seen === 'value' ? snapshot.lease.value.lease.address : undefined;
  const now = [
    judgeLease(snapshot.lease, snapshot.guest, claim.name),
    ...snapshot.resolvers.map((view) => judgeForward(view, claim, address)),
    ...snapshot.resolvers.map((view) => judgeReverse(view, claim)),
  ];
  const lasts = [judgeNextBoot(snapshot.guest, claim.name)];
  const fails = (verdict: Verdict) =>
    verdict.state === 'refuted' ||
    verdict.state === 'not-observable' ||
    (verdict.state === 'not-served' && claim.reverseRequired);
  return { now, lasts, proven: ![...now, ...lasts].some(fails) };
}

function judgeLease(lease: Observation<LeaseView>, guest: Observation<GuestView>, name: string): Verdict {
  const base = { link: 'lease' as const, at: lease.at };
  if (lease.seen === 'not-observable') return { ...base, state: 'not-observable', because: lease.why };
  if (lease.seen === 'empty')
    return { ...base, state: 'refuted', because: 'the server holds no living lease of this MAC address' };
  const held = lease.value.lease;
  if (!sameName(held.name, name)) {
    return {
      ...base,
      state: 'refuted',
      because: `the lease of ${held.address} bears ${held.name ?? 'no name'}`,
    };
  }
  const client = guest.seen === 'value' ? guest.value.client : undefined;
  const drift =
    client === undefined || guest.seen !== 'value' ? undefined : leaseDrift(lease.value, guest.value);
  if (drift !== undefined && drift > leaseTolerance) {
    return {
      ...base,
      state: 'refuted',
      because: `the table is not what the guest was given: their ends differ by ${Math.round(drift)} s`,
    };
  }
  return { ...base, state: 'proven', because: `the lease of ${held.address} bears ${held.name}` };
}

/** Seconds between the rest of the lease by the server's word and by the client's; undefined when either has no end. */
export function leaseDrift(view: LeaseView, guest: GuestView): number | undefined {
  const server = view.lease.expiresAt;
  const client = guest.client?.leaseExpiresAt;
  if (server === undefined || client === undefined) return undefined;
  const rest = (end: string, clock: string) => (Date.parse(end) - Date.parse(clock)) / 1000;
  return Math.abs(rest(server, view.readAt) - rest(client, guest.identity.clock));
}

function judgeForward(view: ResolverView, claim: Claim, address: Address | undefined): Verdict {
  const base = { link: 'forward' as const, of: view.resolver, at: view.forward.at };
  const answer = view.forward;
  if (answer.seen === 'not-observable') return { ...base, state: 'not-observable', because: answer.why };
  const records = recordsOf(answer);
  if (records.length === 0) return { ...base, state: 'refuted', because: `${claim.fqdn} does not resolve` };
  if (address === undefined)
    return {
      ...base,
      state: 'refuted',
      because: `${claim.fqdn} is ${records.join(', ')}, and no lease says so`,
    };
  if (records.length !== 1 || records[0] !== address) {
    return {
      ...base,
      state: 'refuted',
      because: `${claim.fqdn} is ${records.join(', ')}, the lease is ${address}`,
    };
  }
  return { ...base, state: 'proven', because: `${claim.fqdn} is ${address}` };
}

function judgeReverse(view: ResolverView, claim: Claim): Verdict {
  const base = { link: 'reverse' as const, of: view.resolver, at: view.reverse.at };
  const answer = view.reverse;
  if (answer.seen === 'not-observable') return { ...base, state: 'not-observable', because: answer.why };
  if (answer.seen === 'value' && answer.value.status === 'not-served') {
    return { ...base, state: 'not-served', because: answer.value.why };
  }
  const records = recordsOf(answer);
  if (records.length === 0) return { ...base, state: 'refuted', because: 'the address has no name' };
  const right = records.some((record) => sameName(record, claim.fqdn));
  return { ...base, state: right ? 'proven' : 'refuted', because: `the address is ${records.join(', ')}` };
}

function recordsOf<T>(answer: Observation<DnsAnswer<T>>): readonly T[] {
  return answer.seen === 'value' && answer.value.status === 'answered' ? answer.value.records : [];
}

function judgeNextBoot(guest: Observation<GuestView>, name: string): Verdict {
  const base = { link: 'next-boot' as const, at: guest.at };
  if (guest.seen === 'not-observable') return { ...base, state: 'not-observable', because: guest.why };
  if (guest.seen === 'empty' || guest.value.client === undefined) {
    return {
      ...base,
      state: 'not-observable',
      because: 'no DHCP client that Truename knows holds the interface',
    };
  }
  const sent = sentAtNextBoot(guest.value);
  if (sent.from === 'nothing')
    return { ...base, state: 'refuted', because: `the next boot sends no name: ${sent.why}` };
  if (!sameName(sent.name, name))
    return { ...base, state: 'refuted', because: `the next boot sends ${sent.name} (${sent.from})` };
  const rivals = rivalNames(guest.value.client, name);
  if (rivals.length > 0) {
    const list = rivals.map((rival) => `${rival.file || 'a profile in memory'} (${rival.name})`).join(', ');
    return { ...base, state: 'refuted', because: `the next boot may choose another profile: ${list}` };
  }
  return { ...base, state: 'proven', because: `the next boot sends ${sent.name} (${sent.from})` };
}
