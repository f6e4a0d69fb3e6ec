import { seedName } from '../domain/cloud-init-seed.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { EmitFix } from '../domain/fix-event.ts';
import type { GuestSummary } from '../domain/guest.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';
import { briefProbes } from '../observe/brief-probes.ts';
import { examineAndEnter } from '../observe/examine.ts';
import { gentleResolver } from '../observe/gentle-resolver.ts';
import { observeOtherNics } from '../observe/other-nics.ts';
import { type Decision, decide, type FixPolicy, type FixSubject } from '../plan/decide.ts';
import { prove } from '../plan/prove.ts';
import { eventGuest } from './mend.ts';
import type { MendSources } from './mend-sources.ts';
import type { Planned } from './planned.ts';
import { proveMended } from './prove-mended.ts';

/** A guest that a run is about. */
export interface Candidate {
  readonly guest: GuestSummary;
  readonly named: boolean;
  readonly inventory: readonly GuestSummary[];
  readonly policy: FixPolicy;
}

/**
 * Looks at a guest, and decides what is to be done with it. Where it is left with a reason, or cloud-init is given
 * another name, it is looked at with everything that reasons need.
 */
export async function planGuest(
  sources: MendSources,
  candidate: Candidate,
  emit: EmitFix,
  signal: AbortSignal,
): Promise<Planned> {
  const brief = { ...sources, probes: briefProbes(sources.probes) };
  const first = await lookAndDecide(brief, candidate, signal, { trustsList: true });
  const planned = needsReasons(first)
    ? await decideAnew(sources, candidate.policy, await lookAndDecide(sources, candidate, signal), signal)
    : first;
  const { evidence, decision } = planned;
  const guest = eventGuest(evidence);
  emit({ type: 'guest-examined', at: sources.now(), guest, verdict: verdictOf(decision) });
  return planned;
}

function needsReasons({ decision, evidence }: Planned): boolean {
  const seed = seenValue(evidence.seed);
  const given = seed === undefined ? undefined : seedName(seed);
  if (given !== undefined && !sameName(firstLabel(given), evidence.wanted)) return true;
  if (decision.action === 'unseen') return true;
  return decision.action === 'left' && decision.reason !== 'spared' && decision.reason !== 'guest-off';
}

async function lookAndDecide(
  sources: MendSources,
  { guest, named, inventory, policy }: Candidate,
  signal: AbortSignal,
  how: { readonly trustsList?: boolean } = {},
): Promise<Planned> {
  const options = { inventory, patienceMs: sources.patience.lookMs, ...how };
  const gentle = { ...sources, resolver: (id: string) => gentleResolver(sources.resolver(id)) };
  const examined = await examineAndEnter(gentle, guest, options, signal);
  const { evidence, shell, alias } = examined;
  const [others, lastWritten] = await Promise.all([
    shell === undefined ? [] : observeOtherNics(sources, evidence, shell, signal),
    sources.lastWritten(alias),
  ]);
  const known = { others, named, ...(lastWritten === undefined ? {} : { lastWritten }) };
  const subject: FixSubject = { evidence, ...known };
  return { ...subject, examined, decision: decide(subject, policy) };
}

/** The decision with the answers of resolvers that were given some time. */
async function decideAnew(
  sources: MendSources,
  policy: FixPolicy,
  planned: Planned,
  signal: AbortSignal,
): Promise<Planned> {
  const evidence = await askDnsAgain(sources, planned, policy, signal);
  const examined = { ...planned.examined, evidence };
  return { ...planned, evidence, examined, decision: decide({ ...planned, evidence }, policy) };
}

/** A name that was leased a moment ago is in DNS some seconds later. */
const dnsPatienceMs = 10_000;

/** Where nothing but the answers of resolvers is open, they are asked again before anybody says that they are wrong. */
async function askDnsAgain(
  sources: MendSources,
  subject: FixSubject,
  policy: FixPolicy,
  signal: AbortSignal,
): Promise<Evidence> {
  const { evidence } = subject;
  const { wanted, fqdn, segment, snapshot } = evidence;
  const decision = decide(subject, policy);
  const settled =
    decision.action === 'unseen' || (decision.action === 'left' && decision.reason === 'not-the-guest');
  if (!settled || fqdn === undefined || segment === undefined) return evidence;
  const claim = { name: wanted, fqdn, reverseRequired: policy.reverseRequired };
  const [lease] = prove(snapshot, claim).now;
  if (lease?.state !== 'proven') return evidence;
  const patience = { ...sources.patience, proofMs: Math.min(sources.patience.proofMs, dnsPatienceMs) };
  const resolvers = segment.resolvers.map(sources.resolver);
  const asked = await proveMended({ ...sources, patience }, snapshot, claim, resolvers, signal);
  return { ...evidence, snapshot: asked.snapshot };
}

function verdictOf(decision: Decision): string {
  if (decision.action !== 'mend') return decision.why;
  const [first] = [...decision.silences, ...decision.rungs];
  return `to be mended, beginning with ${first?.kind}`;
}
