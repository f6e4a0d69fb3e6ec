import { TruenameError } from '../domain/error.ts';
import type { EmitFix } from '../domain/fix-event.ts';
import { whyNotAdopt } from '../plan/conflicts.ts';
import { eventGuest } from './mend.ts';
import type { MendSources } from './mend-sources.ts';
import { type Candidate, planGuest } from './plan-guest.ts';
import type { Planned } from './planned.ts';

/**
 * Gives a guest the name at its hypervisor that somebody gave it inside, and looks at it anew: from there it is a
 * guest like any other. Any other decision is handed back as it is.
 */
export async function adoptGuestName(
  sources: MendSources,
  planned: Planned,
  candidate: Omit<Candidate, 'guest'>,
  emit: EmitFix,
  signal: AbortSignal,
): Promise<Planned> {
  const { decision, evidence } = planned;
  if (decision.action !== 'rename') return planned;
  const { guest } = evidence;
  const { rename } = sources.hypervisor;
  const conflict = whyNotAdopt(decision.name, guest, candidate.inventory, candidate.policy.roles);
  if (conflict !== undefined)
    throw new TruenameError('name-taken', conflict, { where: sources.hypervisor.id });
  if (rename === undefined)
    throw new TruenameError('unsupported', 'the hypervisor cannot be asked to rename a guest');
  await rename(guest, decision.name, signal);
  const text = `called ${decision.name} at the hypervisor, before ${guest.name ?? 'nothing'}`;
  emit({ type: 'note', at: sources.now(), guest: eventGuest(evidence), text });
  return planGuest(sources, { ...candidate, guest: { ...guest, name: decision.name } }, emit, signal);
}
