import { TruenameError } from '../domain/error.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Fqdn, Hostname } from '../domain/name.ts';
import { seenValue } from '../domain/observation.ts';
import type { Shell } from '../domain/ports.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { observeOtherNics } from '../observe/other-nics.ts';
import { silenceRungs } from '../plan/silence.ts';
import { adviceAfter, evidenceAfter, flippingBack } from './advice.ts';
import { failureIn } from './end-of-run.ts';
import type { GuestResult } from './fix-result.ts';
import type { Turn } from './fleet.ts';
import { lockGuest } from './lock-guest.ts';
import { eventGuest, type Mending, type MendRun, mendGuest } from './mend.ts';
import type { MendSources } from './mend-sources.ts';
import { outcomeOf } from './outcome.ts';
import type { Planned } from './planned.ts';
import { proveMended } from './prove-mended.ts';

/**
 * One guest's turn: locked, mended, proven. Whatever goes wrong ends in its result, never in an exception; a
 * renewal that nobody answered stops the fleet.
 */
export async function mendInTurn(
  sources: MendSources,
  planned: Planned,
  run: MendRun,
): Promise<Turn & { readonly result: GuestResult }> {
  const { evidence } = planned;
  const began = sources.clock.elapsed();
  const mending: Mending = { taken: [] };
  run.emit({ type: 'guest-started', at: sources.now(), guest: eventGuest(evidence) });
  const seconds = () => (sources.clock.elapsed() - began) / 1000;
  try {
    const mended = await lockedMending(sources, planned, run, mending);
    const result = { ...resultOf(planned, mending), ...mended, seconds: seconds() };
    return { result, proven: result.outcome === 'mended' || result.outcome === 'not-lasting' };
  } catch (error) {
    const known = failureIn(run.signal, error);
    const result: GuestResult = {
      ...resultOf(planned, mending),
      outcome: 'failed',
      why: known.message,
      error: known,
      seconds: seconds(),
    };
    const { name, ref } = eventGuest(evidence);
    const stop = `${name} (${ref.vmid}): ${known.message}`;
    return { result, proven: false, ...(known.code === 'renewal-unanswered' ? { stop } : {}) };
  }
}

async function lockedMending(
  sources: MendSources,
  planned: Planned,
  run: MendRun,
  mending: Mending,
): Promise<Pick<GuestResult, 'outcome' | 'why' | 'proof' | 'after' | 'advice'>> {
  const { decision, evidence, examined } = planned;
  const { shell, alias } = examined;
  if (decision.action !== 'mend' || shell === undefined)
    throw new TruenameError('internal', 'a guest that nobody entered was to be mended');
  const lock = await lockGuest(sources, alias);
  try {
    for (const text of decision.notes)
      run.emit({ type: 'note', at: sources.now(), guest: eventGuest(evidence), text });
    await mendGuest(sources, { evidence, shell, alias, silences: decision.silences }, run, mending);
    if (decision.silences.length > 0) await mustBeSilent(sources, evidence, shell, run.signal);
    return await prove(sources, planned, run, mending.last ?? evidence.snapshot);
  } finally {
    await lock?.release();
  }
}

/** A second look: the other NICs send the name no more. */
async function mustBeSilent(
  sources: MendSources,
  evidence: Evidence,
  shell: Shell,
  signal: AbortSignal,
): Promise<void> {
  const others = await observeOtherNics(sources, evidence, shell, signal);
  const own = seenValue(evidence.snapshot.guest);
  const loud = silenceRungs(others, evidence.wanted as Hostname, own);
  if (loud.length === 0) return;
  throw new TruenameError(
    'command-failed',
    `another NIC still sends the name (${loud[0]?.kind} changed nothing)`,
    {
      where: shell.via,
    },
  );
}

async function prove(
  sources: MendSources,
  { evidence, decision }: Planned,
  { policy, signal }: MendRun,
  last: Snapshot,
): Promise<Pick<GuestResult, 'outcome' | 'why' | 'proof' | 'after' | 'advice'>> {
  const { wanted, fqdn, segment } = evidence;
  const claim = { name: wanted, fqdn: fqdn as Fqdn, reverseRequired: policy.reverseRequired };
  const resolvers = segment?.resolvers.map(sources.resolver) ?? [];
  const { snapshot, proof } = await proveMended(sources, last, claim, resolvers, signal);
  const told = outcomeOf(proof, decision.action === 'mend' ? decision.silences : []);
  const after = evidenceAfter(evidence, snapshot);
  const flips = told.outcome === 'mended' ? flippingBack(after) : undefined;
  const { outcome, why } =
    flips === undefined ? told : { outcome: 'not-lasting' as const, why: flips.summary };
  if (outcome === 'mended') return { outcome, why, proof, after: snapshot, advice: [] };
  const advice = flips?.remedies ?? (await adviceAfter(sources, after, signal));
  return { outcome, why, proof, after: snapshot, advice };
}

function resultOf({ evidence, decision }: Planned, { taken, outage, last }: Mending): GuestResult {
  return {
    guest: evidence.guest,
    outcome: 'failed',
    why: '',
    evidence,
    planned: [],
    taken,
    withheld: decision.action === 'mend' ? decision.withheld : [],
    advice: [],
    ...(last === undefined ? {} : { after: last }),
    ...(outage === undefined ? {} : { outage }),
    seconds: 0,
  };
}
