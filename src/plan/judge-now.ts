import { firstLabel, sameName } from '../domain/name.ts';
import type { Observation } from '../domain/observation.ts';
import type { DnsAnswer } from '../domain/ports.ts';
import type { Claim, Verdict } from '../domain/proof.ts';
import type { GuestView, LeaseView, ResolverView } from '../domain/snapshot.ts';
import { leaseDrift, leaseTolerance } from './lease-drift.ts';

/** Does the lease bear the name, and is it the one that the guest was given? */
export function judgeLease(
  lease: Observation<LeaseView>,
  guest: Observation<GuestView>,
  name: string,
): Verdict {
  const base = { link: 'lease' as const, at: lease.at };
  if (lease.seen === 'not-observable') return { ...base, state: 'not-observable', because: lease.why };
  if (lease.seen === 'empty') {
    return { ...base, state: 'refuted', because: 'the server holds no living lease of this MAC address' };
  }
  const { address, name: held, expiresAt } = lease.value.lease;
  if (!sameName(firstLabel(held), name)) {
    return { ...base, state: 'refuted', because: `the lease of ${address} bears ${held ?? 'no name'}` };
  }
  const view = guest.seen === 'value' ? guest.value : undefined;
  const drift = view === undefined ? undefined : leaseDrift(lease.value, view);
  if (drift !== undefined && drift > leaseTolerance) {
    const because = `the table is not what the guest was given: their ends differ by ${Math.round(drift)} s`;
    return { ...base, state: 'refuted', because };
  }
  if (view?.client !== undefined && view.client.leaseExpiresAt === undefined && expiresAt !== undefined) {
    const because = 'the guest does not say when its lease ends, so the table may be an old one';
    return { ...base, state: 'not-observable', because };
  }
  return { ...base, state: 'proven', because: `the lease of ${address} bears ${held}` };
}

/** Is the address of the lease, and no other, what the resolver gives for the name? */
export function judgeForward(view: ResolverView, claim: Claim, lease: Observation<LeaseView>): Verdict {
  const base = { link: 'forward' as const, of: view.resolver, at: view.forward.at };
  const answer = view.forward;
  if (answer.seen === 'not-observable') return { ...base, state: 'not-observable', because: answer.why };
  const records = recordsOf(answer);
  if (records.length === 0) return { ...base, state: 'refuted', because: `${claim.fqdn} does not resolve` };
  const seen = `${claim.fqdn} is ${records.join(', ')}`;
  if (lease.seen === 'not-observable') {
    return { ...base, state: 'not-observable', because: `${seen}, and the lease cannot be read` };
  }
  if (lease.seen === 'empty') return { ...base, state: 'refuted', because: `${seen}, and no lease says so` };
  const { address } = lease.value.lease;
  if (records.length === 1 && records[0] === address) return { ...base, state: 'proven', because: seen };
  return { ...base, state: 'refuted', because: `${seen}, the lease is ${address}` };
}

/** Is the name among those that the resolver gives for the address? */
export function judgeReverse(view: ResolverView, claim: Claim): Verdict {
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
