import { climb } from '../../apply/climb.ts';
import type { Shell } from '../../domain/ports.ts';
import type { Claim, Proof } from '../../domain/proof.ts';
import type { Remedy } from '../../domain/remedy.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { ladder, transientRemedy } from '../../plan/ladder.ts';
import { prove } from '../../plan/prove.ts';
import { waitFor } from '../waiting.ts';
import type { RebuildContext } from './context.ts';

/** How a name is put right and proven: the same look for both. */
export interface NameWork {
  readonly shell: Shell;
  readonly claim: Claim;
  readonly dhcpServer: string;
  readonly observe: () => Promise<Snapshot>;
  /** The same without DNS: a rung is judged by the lease, and a mute resolver must not slow the climb. */
  readonly observeLease: () => Promise<Snapshot>;
}

/**
 * Makes the name right by the gentlest sufficient rungs, the lease read back after each. `onRung` is told each
 * rung before it is taken, so that a climb that fails half way has said what it did.
 */
export async function makeNameRight(
  context: RebuildContext,
  work: NameWork,
  onRung: (remedy: Remedy) => void,
): Promise<void> {
  const { sources, signal } = context;
  const name = context.request.name;
  const apply = (remedy: Remedy) => sources.apply(work.shell, remedy, signal);
  const { snapshot } = await climb({
    observe: work.observeLease,
    ladder: (seen, taken) => ladder(seen, name, { taken }),
    apply,
    onRung,
    dhcpServer: sources.dhcpServer(work.dhcpServer),
    sleep: (ms) => sources.clock.sleep(ms, signal),
    elapsed: sources.clock.elapsed,
    signal,
  });
  const transient = transientRemedy(snapshot, name);
  if (transient === undefined) return;
  onRung(transient);
  await apply(transient);
}

/**
 * Reads everything anew until it is proven, or patience ends (resolvers may hold an old or a negative answer for
 * some seconds); the last snapshot and its judgement.
 */
export async function readProof(
  context: RebuildContext,
  work: NameWork,
): Promise<{ snapshot: Snapshot; proof: Proof }> {
  let last: { snapshot: Snapshot; proof: Proof } | undefined;
  const look = async () => {
    const snapshot = await work.observe();
    last = { snapshot, proof: prove(snapshot, work.claim) };
    return last.proof.proven ? { found: last } : { notYet: 'not proven' };
  };
  const forMs = context.request.dryRun ? 0 : context.sources.patience.proofMs;
  await waitFor(look, { forMs, everyMs: 500 }, context.sources.clock, context.signal);
  return last as { snapshot: Snapshot; proof: Proof };
}
