import { diagnose } from '../checks/diagnose.ts';
import { isNixos } from '../checks/exhibits.ts';
import { flipsBackAtBoot } from '../checks/flips-back-at-boot.ts';
import { declaration } from '../checks/proposals.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Finding, ProposedRemedy } from '../domain/finding.ts';
import { seenValue } from '../domain/observation.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { evidenceChain } from '../observe/evidence-chain.ts';
import { examine } from '../observe/examine.ts';
import type { Decision } from '../plan/decide.ts';
import type { MendSources } from './mend-sources.ts';

/** What a person can do where this run does not: what the rules propose, or the line that makes a name last on NixOS. */
export function adviceFor(
  evidence: Evidence,
  decision: Extract<Decision, { action: 'left' }>,
): ProposedRemedy[] {
  if (decision.reason === 'spared' || decision.reason === 'guest-off') return [];
  return decision.reason === 'will-not-last' ? lastingAdvice(evidence) : proposals(evidence);
}

/** What makes the name last where the guest is right now. */
function lastingAdvice(evidence: Evidence): ProposedRemedy[] {
  const view = seenValue(evidence.snapshot.guest);
  return view !== undefined && isNixos(view) ? [declaration(evidence)] : proposals(evidence);
}

/** What helps beside the rungs that were taken: reasons need a look at everything, which a mending does without. */
export async function adviceAfter(
  sources: MendSources,
  evidence: Evidence,
  signal: AbortSignal,
): Promise<ProposedRemedy[]> {
  const view = seenValue(evidence.snapshot.guest);
  if (view !== undefined && isNixos(view)) return [declaration(evidence)];
  const options = { inventory: [], patienceMs: sources.patience.lookMs };
  const whole = await examine(sources, evidence.guest, options, signal);
  return proposals({ ...whole, neighbours: { ...evidence.neighbours, leases: whole.neighbours.leases } });
}

/** cloud-init is given another name at the next start, whatever the guest calls itself now. */
export function flippingBack(evidence: Evidence): Finding | undefined {
  return flipsBackAtBoot.check({ evidence, chain: evidenceChain(evidence) });
}

/** The same machine as it was seen last. */
export function evidenceAfter(evidence: Evidence, snapshot: Snapshot): Evidence {
  return { ...evidence, snapshot };
}

function proposals(evidence: Evidence): ProposedRemedy[] {
  const { findings } = diagnose(evidence, evidenceChain(evidence));
  const all = findings.filter(({ causedBy }) => causedBy === undefined).flatMap(({ remedies }) => remedies);
  return all.filter((each, index) => all.findIndex(({ how }) => how === each.how) === index);
}
