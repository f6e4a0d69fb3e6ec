import type { Evidence } from '../domain/evidence.ts';
import type { GuestSummary } from '../domain/guest.ts';
import { adviceFor } from './advice.ts';
import type { GuestResult } from './fix-result.ts';
import type { Planned } from './planned.ts';

/** The result of a guest in which nothing is done: by its decision, or because nothing was to be changed. */
export function untouched(planned: Planned): GuestResult {
  const { decision, evidence, named } = planned;
  const base = { ...notLookedAt(evidence.guest, 'left', ''), evidence, named };
  const proof = 'proof' in decision && decision.proof !== undefined ? { proof: decision.proof } : {};
  switch (decision.action) {
    case 'none':
      return { ...base, outcome: 'right', why: decision.why, ...proof };
    case 'left': {
      const { reason, why, withheld } = decision;
      const outcome = reason === 'will-not-last' ? 'not-lasting' : 'left';
      return { ...base, outcome, reason, why, withheld, advice: adviceFor(evidence, decision), ...proof };
    }
    case 'unseen':
      return { ...base, outcome: 'could-not-look', why: `${decision.code}: ${decision.why}` };
    case 'rename': {
      const why = `would be called ${decision.name} at the hypervisor: ${decision.why}`;
      return { ...base, outcome: 'planned', why };
    }
    case 'mend': {
      const { silences, rungs, withheld } = decision;
      const planning = [...silences, ...rungs];
      const why = `would be mended, beginning with ${planning[0]?.kind}`;
      return { ...base, outcome: 'planned', why, planned: planning, withheld };
    }
  }
}

/** The result of a guest that had no turn. */
export function notBegun({ evidence }: { readonly evidence: Evidence }, why: string): GuestResult {
  return { ...notLookedAt(evidence.guest, 'not-begun', why), evidence };
}

/** The result of a guest that nobody looked at. */
export function notLookedAt(guest: GuestSummary, outcome: GuestResult['outcome'], why: string): GuestResult {
  return { guest, outcome, why, planned: [], taken: [], withheld: [], advice: [], seconds: 0 };
}
