import { isWithoutRecord, recordsOf, whyMissing } from '../domain/dns-answer.ts';
import { behindAddress, behindName } from '../domain/fixed-entry.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import type { Loss, Resolution, ResolverAnswers } from '../domain/resolution.ts';
import {
  backingOf,
  type Foreign,
  foreignAddresses,
  foreignNames,
  type LossPolicy,
} from './foreign-answers.ts';

/** Where the name is lost; what could not be looked at loses nothing. */
export function findLosses(resolution: Resolution, policy: LossPolicy): Loss[] {
  const lease = leaseLoss(resolution, policy);
  const rest = resolution.resolvers.flatMap((each) => [
    ...forwardLoss(each, resolution, policy, lease !== undefined),
    ...reverseLoss(each, resolution, policy),
  ]);
  return [...(lease === undefined ? [] : [lease]), ...rest];
}

/** True when something that matters could not be read. */
export function couldNotLook({ lease, resolvers }: Resolution): boolean {
  const blind = (each: Observation<unknown>) => each.seen === 'not-observable';
  return blind(lease) || resolvers.some(({ forward, reverse }) => blind(forward) || blind(reverse));
}

function leaseLoss({ lease }: Resolution, { wanted }: LossPolicy): Loss | undefined {
  if (lease.seen === 'not-observable') return undefined;
  const hint = 'truename doctor says why.';
  if (lease.seen === 'empty')
    return { kind: 'no-lease', because: 'the DHCP server holds no living lease of it', hint, matters: true };
  const { name, address } = lease.value.lease;
  if (sameName(firstLabel(name), wanted)) return undefined;
  const because = `the lease of ${address} bears ${name ?? 'no name'}`;
  return { kind: 'lease-bears-another-name', because, hint, matters: true };
}

function forwardLoss(
  answers: ResolverAnswers,
  resolution: Resolution,
  policy: LossPolicy,
  lostBefore: boolean,
): Loss[] {
  const { resolver, forward } = answers;
  const { lease } = resolution;
  // Whose an answer is, nobody can tell without the leases.
  if (forward.seen === 'not-observable' || lease.seen === 'not-observable') return [];
  const backing = backingOf(resolution, policy);
  const foreign = (recordsOf(forward) ?? []).flatMap(({ address }): Foreign[] => {
    const behind = behindAddress(address, backing);
    return behind.by === 'own' ? [] : [{ said: address, behind }];
  });
  if (foreign.length > 0) return [{ resolver, matters: true, ...foreignAddresses(foreign, resolution) }];
  // A name that its lease does not bear cannot be known further on.
  if (!isWithoutRecord(forward) || lostBefore || lease.seen !== 'value') return [];
  return [{ resolver, matters: true, ...missing(answers, resolution) }];
}

/** A record of another lease tells that the resolver knows the domain; none of it, that it does not. */
function missing(
  { resolver, forward, witness }: ResolverAnswers,
  { fqdn, resolvers }: Resolution,
): Pick<Loss, 'kind' | 'because' | 'hint'> {
  const because = `${fqdn} does not resolve`;
  const known = witness === undefined ? undefined : recordsOf(witness.forward);
  const having = resolvers.find(
    (each) => each.resolver !== resolver && (recordsOf(each.forward)?.length ?? 0) > 0,
  );
  const kind = whyMissing({
    forward,
    knowsDomain: known === undefined ? undefined : known.length > 0,
    knownElsewhere: having !== undefined,
  });
  switch (kind) {
    case 'lease-not-registered': {
      const hint =
        'A negative answer may be remembered for some minutes; how long, nobody can see from here.';
      return { kind, because: `${because}, and ${witness?.fqdn} does`, hint };
    }
    case 'missing-at-this-resolver': {
      const hint = 'Let it forward the domain to the same DNS, or forget what it remembers.';
      return { kind, because: `${because}, and ${having?.resolver} knows it`, hint };
    }
    case 'domain-not-forwarded': {
      const hint = 'Let the resolver forward the domain to the DNS of the DHCP server.';
      const nobody = known?.length === 0 ? `, nor does ${witness?.fqdn}` : ': no such zone is served';
      return { kind, because: `${because}${nobody}`, hint };
    }
    case 'forward-missing':
      return { kind, because, hint: 'Ask the DHCP server’s own DNS for the name.' };
  }
}

function reverseLoss(
  { resolver, reverse, witness }: ResolverAnswers,
  resolution: Resolution,
  policy: LossPolicy,
): Loss[] {
  const { lease } = resolution;
  const { reverseRequired, domain } = policy;
  const held = seenValue(lease)?.lease;
  if (held === undefined || reverse.seen !== 'value') return [];
  const answer = reverse.value;
  const zone = { resolver, kind: 'reverse-zone-not-forwarded' as const, matters: reverseRequired };
  const hint =
    'Let the resolver forward the reverse zone too; Unbound needs a local-zone line for it beside.';
  if (answer.status === 'not-served') return [{ ...zone, because: answer.why, hint }];
  if (answer.status === 'answered') {
    const backing = backingOf(resolution, policy);
    const foreign = answer.records.flatMap((each): Foreign[] => {
      const behind = behindName(each, held, domain, backing);
      // The name that the lease bears is lost before: that the resolver follows it is right.
      return behind.by === 'own' || behind.by === 'lease' ? [] : [{ said: each, behind }];
    });
    if (foreign.length === 0) return [];
    return [{ resolver, matters: true, ...foreignNames(held.address, foreign, resolution) }];
  }
  const known = witness === undefined ? undefined : recordsOf(witness.reverse);
  if (known?.length === 0)
    return [
      { ...zone, because: `neither ${held.address} nor the address of ${witness?.fqdn} has a name`, hint },
    ];
  return [
    {
      resolver,
      kind: 'reverse-missing',
      because: `${held.address} has no name`,
      hint: 'It follows the name of the lease.',
      matters: reverseRequired || (known?.length ?? 0) > 0,
    },
  ];
}
