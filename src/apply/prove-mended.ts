import { seenValue } from '../domain/observation.ts';
import type { Resolver } from '../domain/ports.ts';
import type { Claim, Proof } from '../domain/proof.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { observeResolvers } from '../observe/resolvers.ts';
import { prove } from '../plan/prove.ts';
import type { MendSources } from './mend-sources.ts';
import { isSettled } from './outcome.ts';

/** Resolvers may hold an old or a negative answer for some seconds. */
const askEveryMs = 400;

/**
 * The proof after a climb: guest and lease were read after its last rung already, and the resolvers are asked until they
 * agree or their time is over.
 */
export async function proveMended(
  sources: Pick<MendSources, 'clock' | 'now' | 'patience'>,
  seen: Snapshot,
  claim: Claim,
  resolvers: readonly Resolver[],
  signal: AbortSignal,
): Promise<{ snapshot: Snapshot; proof: Proof }> {
  const { clock, now, patience } = sources;
  const deadline = clock.elapsed() + patience.proofMs;
  const address = seenValue(seen.lease)?.lease.address;
  for (;;) {
    const views = await observeResolvers({ resolvers, now }, claim.fqdn, address, signal);
    const snapshot = { ...seen, resolvers: views };
    const proof = prove(snapshot, claim);
    if (isSettled(proof) || clock.elapsed() >= deadline) return { snapshot, proof };
    await clock.sleep(askEveryMs, signal);
  }
}
