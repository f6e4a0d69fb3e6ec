import { type Fqdn, firstLabel, sameName } from '../domain/name.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import type { DnsAnswer } from '../domain/ports.ts';
import type { Loss, Resolution, ResolverAnswers } from '../domain/resolution.ts';

/** What the losses are judged by. */
export interface LossPolicy {
  /** The name at the hypervisor, of one label. */
  readonly wanted: string;
  readonly reverseRequired: boolean;
}

/** Where the name is lost; what could not be looked at loses nothing. */
export function findLosses(resolution: Resolution, policy: LossPolicy): Loss[] {
  const lease = leaseLoss(resolution, policy);
  const rest = resolution.resolvers.flatMap((each) => [
    ...forwardLoss(each, resolution, lease !== undefined),
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
  { resolver, forward, witness }: ResolverAnswers,
  { fqdn, lease, bearers }: Resolution,
  lostBefore: boolean,
): Loss[] {
  const address = seenValue(lease)?.lease.address;
  const records = recordsOf(forward);
  const base = { resolver, matters: true };
  // Whose an answer is, nobody can tell without the leases.
  if (records === undefined || lease.seen === 'not-observable') return [];
  const foreign = records.filter((each) => each.address !== address).map((each) => each.address);
  if (foreign.length > 0) {
    const bearer = bearers.find((each) => foreign.includes(each.address));
    const because = `${fqdn} is ${foreign.join(', ')}`;
    if (bearer !== undefined)
      return [
        {
          ...base,
          kind: 'another-lease-bears-the-name',
          because: `${because}, which ${bearer.mac} holds`,
          hint: 'truename leases --name shows who holds the name.',
        },
      ];
    return [
      {
        ...base,
        kind: 'static-entry-shadows-lease',
        because: `${because}, and no lease of the name says so`,
        hint: 'Look for a host entry of the name at the resolver or the DHCP server.',
      },
    ];
  }
  // A name that its lease does not bear cannot be known further on.
  if (records.length > 0 || lostBefore || address === undefined) return [];
  return [{ ...base, ...missing(fqdn, witness) }];
}

function missing(fqdn: Fqdn, witness: ResolverAnswers['witness']): Pick<Loss, 'kind' | 'because' | 'hint'> {
  const because = `${fqdn} does not resolve`;
  const known = witness === undefined ? undefined : recordsOf(witness.forward);
  if (witness === undefined || known === undefined)
    return { kind: 'forward-missing', because, hint: 'Ask the DHCP server’s own DNS for the name.' };
  if (known.length > 0) {
    const hint = 'A negative answer may be remembered for some minutes; how long, nobody can see from here.';
    return { kind: 'lease-not-registered', because: `${because}, and ${witness.fqdn} does`, hint };
  }
  const hint = 'Let the resolver forward the domain to the DNS of the DHCP server.';
  return { kind: 'domain-not-forwarded', because: `${because}, nor does ${witness.fqdn}`, hint };
}

function reverseLoss(
  { resolver, reverse, witness }: ResolverAnswers,
  { fqdn, lease }: Resolution,
  { reverseRequired }: LossPolicy,
): Loss[] {
  const held = seenValue(lease)?.lease;
  if (held === undefined || reverse.seen !== 'value') return [];
  const answer = reverse.value;
  const zone = { resolver, kind: 'reverse-zone-not-forwarded' as const, matters: reverseRequired };
  const hint =
    'Let the resolver forward the reverse zone too; Unbound needs a local-zone line for it beside.';
  if (answer.status === 'not-served') return [{ ...zone, because: answer.why, hint }];
  if (answer.status === 'answered') {
    // The name that the lease bears is lost before: that the resolver follows it is right.
    const others = answer.records.filter(
      (each) => !sameName(each, fqdn) && !sameName(firstLabel(each), held.name),
    );
    if (others.length === 0) return [];
    const because = `${held.address} is ${others.join(', ')}, and no lease says so`;
    const remove = 'Remove that entry where it stands, at the resolver or the DHCP server.';
    return [{ resolver, kind: 'leftover-ptr', because, hint: remove, matters: true }];
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

/** None for an answer without records; undefined where nobody could look. */
function recordsOf<T>(answer: Observation<DnsAnswer<T>>): readonly T[] | undefined {
  if (answer.seen === 'not-observable') return undefined;
  return answer.seen === 'value' && answer.value.status === 'answered' ? answer.value.records : [];
}
