import type { Claim, Proof, Verdict } from '../domain/proof.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { judgeNextBoot, judgeNextRenewal } from './judge-lasting.ts';
import { judgeForward, judgeLease, judgeReverse } from './judge-now.ts';

/** Judges a snapshot: does the machine bear its name now, and will it after the next renewal and the next boot? */
export function prove(snapshot: Snapshot, claim: Claim): Proof {
  const { guest, lease, resolvers } = snapshot;
  const now = [
    judgeLease(lease, guest, claim.name),
    ...resolvers.map((view) => judgeForward(view, claim, lease)),
    ...resolvers.map((view) => judgeReverse(view, claim)),
  ];
  const lasts = [judgeNextRenewal(guest, claim.name), judgeNextBoot(guest, claim.name)];
  const fails = (verdict: Verdict) =>
    verdict.state === 'refuted' ||
    verdict.state === 'not-observable' ||
    (verdict.state === 'not-served' && claim.reverseRequired);
  return { now, lasts, proven: ![...now, ...lasts].some(fails) };
}
