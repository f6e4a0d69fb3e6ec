import type { LimitFunction } from 'p-limit';
import { failureIn } from '../../apply/end-of-run.ts';
import type { StandingGuest } from '../../domain/guest-maker.ts';
import type { CloneContext } from './context.ts';
import { makeClone, setUpClone } from './make.ts';
import { restoreSeed, seedFor } from './own-seed.ts';
import type { PlannedClone } from './plan.ts';
import { awaitLease, holds, proveClone, startClone } from './prove.ts';
import { type ReservedNames, whyNotReserved } from './reserve-names.ts';
import type { CloneResult } from './result.ts';
import { failedClone, isReserved, type KnownClone, madeClone, provenClone } from './result-of.ts';
import type { CloneSource } from './source.ts';
import { step } from './step.ts';

/** Everything of one clone after its name is reserved; never throws. What exists is told of a run that is over, too. */
export async function finishClone(
  context: CloneContext,
  source: CloneSource,
  clone: PlannedClone,
  names: ReservedNames,
  limit: LimitFunction,
): Promise<CloneResult> {
  const known: KnownClone = { clone, names };
  try {
    const unreserved = whyNotReserved(context, clone, names);
    if (unreserved !== undefined) throw unreserved;
    const standing = await limit(() => {
      context.signal.throwIfAborted();
      return make(context, source, known);
    });
    return context.order.start ? await show(context, known, standing) : madeClone(known);
  } catch (error) {
    return failedClone(known, failureIn(context.signal, error));
  }
}

/** Made, set up, and started where that is asked for. */
async function make(context: CloneContext, source: CloneSource, known: KnownClone): Promise<StandingGuest> {
  const { clone } = known;
  const made = await step(
    context,
    clone,
    'make',
    () => makeClone(context, source, clone),
    ({ ref }) => (clone.existing === undefined ? `VM ${ref.vmid} on ${ref.node}` : 'it is there'),
  );
  known.made = made;
  const set = await step(
    context,
    clone,
    'set-up',
    async () => {
      await restoreSeed(context, known, made);
      return setUpClone(context, clone, made, () => seedFor(context, known, made));
    },
    ({ nics }) => nics.map(({ slot, mac }) => `${slot} ${mac}`).join(', '),
  );
  known.made = set;
  if (context.order.start)
    await step(
      context,
      clone,
      'start',
      () => startClone(context, clone, set),
      (how) => how,
    );
  return set;
}

/** Reads back what it leases and what DNS says. */
async function show(context: CloneContext, known: KnownClone, standing: StandingGuest): Promise<CloneResult> {
  const { clone } = known;
  const reserved = isReserved(known);
  const { reverseRequired } = context.sources;
  await step(
    context,
    clone,
    'lease',
    () => awaitLease(context, clone),
    (seen) => ('found' in seen ? seen.found : seen.notYet),
  );
  const seen = await step(
    context,
    clone,
    'proof',
    () => proveClone(context, clone, standing, reserved),
    ({ proof }) => (holds(proof, reserved, reverseRequired) ? 'proven' : 'not proven'),
  );
  return provenClone(known, seen, reverseRequired);
}
