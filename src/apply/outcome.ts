import type { FixOutcome } from '../domain/fix-event.ts';
import type { Proof, Verdict } from '../domain/proof.ts';
import type { Remedy } from '../domain/remedy.ts';

/**
 * What a proof after the last rung makes of a guest, and why in one line. A NIC that was silenced until the next boot
 * only will compete again by then, whatever the proof says of the other one.
 */
export function outcomeOf(
  proof: Proof,
  silences: readonly Remedy[] = [],
): { readonly outcome: FixOutcome; readonly why: string } {
  if (proof.proven) {
    const passing = silences.find(({ lasts }) => lasts !== 'always');
    if (passing === undefined) return { outcome: 'mended', why: 'proven, now and for the next boot' };
    const device = 'device' in passing ? passing.device : 'another NIC';
    const why = `right now; after the next boot ${device} asks for the same name again`;
    return { outcome: 'not-lasting', why };
  }
  const now = proof.now.find(isOpen);
  if (now === undefined) {
    const later = proof.lasts.find(isOpen);
    const why = later === undefined ? 'a link that must be served is not' : later.because;
    return { outcome: later === undefined ? 'not-mended' : 'not-lasting', why: `right now; ${why}` };
  }
  const of = now.of === undefined ? '' : ` (${now.of})`;
  return { outcome: 'not-mended', why: `${now.link}${of}: ${now.because}` };
}

/** True while waiting may still help: what is refuted or unread now, not what the next boot would send. */
export function isSettled(proof: Proof): boolean {
  return !proof.now.some(isOpen);
}

function isOpen({ state }: Verdict): boolean {
  return state === 'refuted' || state === 'not-observable';
}
