import type { SentName } from '../../domain/dhcp-client.ts';
import type { TruenameError } from '../../domain/error.ts';
import { sameName } from '../../domain/name.ts';
import { seenValue } from '../../domain/observation.ts';
import type { PlannedClone, RefusedName } from './plan.ts';
import { holds, type SeenClone, sendsOf } from './prove.ts';
import { reservationKey, standsReserved } from './reserve-names.ts';
import type { CloneResult } from './result.ts';
import { type NameSource, notesOfSeed } from './seed-notes.ts';

/** What is known of a clone that is being made. */
export type KnownClone = NameSource;

/** True when all its names are reserved. */
export function isReserved({ clone, names }: KnownClone): boolean {
  return clone.nics.every((each) => {
    const result = names.results.get(reservationKey(clone, each));
    return result !== undefined && standsReserved(result);
  });
}

/** A name that was refused keeps all others of the run from being made: half a fleet helps nobody. */
export function notMade(planned: PlannedClone | RefusedName): CloneResult {
  const { name } = planned;
  const told = { name, nics: [], notes: [], continued: false, reservation: [], outcome: 'refused' } as const;
  if ('error' in planned) return { ...told, why: planned.error.message, error: planned.error };
  return { ...told, why: 'another name of this run cannot be given, so nothing was made' };
}

/** What would be made, where nothing was to be changed. */
export function wouldMake(known: KnownClone): CloneResult {
  const { clone, names } = known;
  const mine = clone.nics.flatMap((nic) => names.results.get(reservationKey(clone, nic)) ?? []);
  const refused = mine.find(({ outcome }) => outcome === 'refused');
  const base = baseOf(known);
  if (refused?.error === undefined || refused.error.code === 'unsupported') {
    const why = clone.existing === undefined ? 'would be made' : 'is there, and would be finished';
    return { ...base, outcome: 'planned', why };
  }
  return { ...base, outcome: 'refused', why: refused.error.message, error: refused.error };
}

/** Made, and not to be started. */
export function madeClone(known: KnownClone): CloneResult {
  return { ...baseOf(known), outcome: 'made', why: 'it is made, and was not to be started' };
}

/** What of it stands in spite of the failure is told with it. */
export function failedClone(known: KnownClone, error: TruenameError): CloneResult {
  const base = baseOf(known);
  const unseen = known.made === undefined && (error.code === 'cancelled' || error.code === 'timeout');
  const notes = unseen ? [...base.notes, 'whether its copy goes on was not looked at'] : base.notes;
  return { ...base, notes, outcome: 'failed', why: error.message, error };
}

/** Started, and read back. */
export function provenClone(
  known: KnownClone,
  { snapshot, proof }: SeenClone,
  reverseRequired: boolean,
): CloneResult {
  const base = baseOf(known);
  const reserved = isReserved(known);
  const sends = sendsOf(snapshot);
  const address = seenValue(snapshot.lease)?.lease.address;
  const told = {
    ...base,
    notes: [...base.notes, ...saidByGuest(known, sends.sends, reserved)],
    proof,
    ...sends,
    ...(address === undefined ? {} : { address }),
  };
  if (holds(proof, reserved, reverseRequired)) {
    const by = reserved ? 'by its reservation, whatever it says' : 'by what it says itself';
    return { ...told, outcome: 'proven', why: `it leases under its own name, and keeps it ${by}` };
  }
  const open = [...proof.now, ...(reserved ? [] : proof.lasts)].filter(
    ({ state }) => state === 'refuted' || state === 'not-observable',
  );
  const why = open.map(({ because }) => because).join('; ') || 'a required reverse zone is not served';
  return { ...told, outcome: 'not-proven', why };
}

/** A reservation hides what the guest sends: it is said, since it would show without. */
function saidByGuest({ clone }: KnownClone, sends: CloneResult['sends'], reserved: boolean): string[] {
  if (sends === undefined) return ['what it says of itself could not be seen'];
  const wrong = [sends.now, sends.nextBoot].filter((each) => !says(each, clone.name));
  const [first] = wrong;
  if (first === undefined) return [];
  const what = first.from === 'nothing' ? 'no name' : `${first.name} (${first.from})`;
  return reserved
    ? [`it sends ${what} itself: its reservation gives it its name all the same`]
    : [`it sends ${what}`];
}

function says(sent: SentName, name: string): boolean {
  return sent.from !== 'nothing' && sameName(sent.name, name);
}

function baseOf(known: KnownClone) {
  const { clone, names, made } = known;
  const { name, ref, fqdn, notes, existing, nics } = clone;
  const mine = nics.flatMap((nic) => names.results.get(reservationKey(clone, nic)) ?? []);
  const without = mine.filter((each) => each.error?.code === 'unsupported');
  return {
    name,
    ref: made?.ref ?? ref,
    fqdn,
    nics: nics.map(({ nic, segment }) => {
      const result = names.results.get(reservationKey(clone, { nic }));
      const reserved = result !== undefined && standsReserved(result);
      return { slot: nic.slot, mac: nic.mac, segment: segment.name, reserved };
    }),
    notes: [
      ...notes,
      ...mine.flatMap((each) => each.notes),
      ...without.map(
        ({ server, why }) => `not reserved at ${server}: ${why}; what it says itself must be right`,
      ),
      ...notesOfSeed(known),
    ],
    continued: existing !== undefined,
    reservation: mine.flatMap(({ readBack }) => readBack),
  };
}
