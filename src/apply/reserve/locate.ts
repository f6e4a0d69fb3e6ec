import type { Address } from '../../domain/address.ts';
import { TruenameError } from '../../domain/error.ts';
import type { GuestSummary, Nic } from '../../domain/guest.ts';
import type { JournalledGuest } from '../../domain/journal.ts';
import { seenValue } from '../../domain/observation.ts';
import { type Segment, segmentOf } from '../../domain/segment.ts';
import { attempt } from '../../observe/attempt.ts';
import type { Look } from '../../observe/server-tables.ts';
import { type Subject, subjectOf } from '../../observe/subject.ts';
import type { ReserveSources } from './sources.ts';

/** A guest with the NIC that carries its name, on its segment. */
export interface LocatedGuest {
  readonly subject: Subject;
  readonly nic: Nic;
  readonly segment: Segment;
  readonly journalled: JournalledGuest;
  /** The address that was asked for with its reservation. */
  readonly address?: Address;
}

/**
 * Finds the NIC of a guest that a reservation is about: the one that was asked for, or that the configuration names, or
 * the only one that a segment holds. Throws where there is none, or more than one.
 */
export async function locateGuest(
  sources: ReserveSources,
  guest: GuestSummary,
  slot: string | undefined,
  signal: AbortSignal,
): Promise<LocatedGuest> {
  const asked = slot ?? sources.nicFor?.(guest);
  const { now, patience } = sources;
  const look: Look = (source, read) =>
    attempt(source, now, signal, read, () => AbortSignal.any([signal, AbortSignal.timeout(patience.lookMs)]));
  const nicFor = () => asked;
  const subject = await subjectOf({ ...sources, nicFor }, guest, look, { trustsList: true });
  const { configuration, where, alias } = subject;
  if (configuration.seen === 'not-observable')
    throw new TruenameError(configuration.code, configuration.why, { where });
  const nics = seenValue(configuration)?.nics ?? [];
  const nic = theNic(nics, sources.segments, asked, where);
  const segment = segmentOf(nic, sources.segments);
  if (segment === undefined) {
    throw new TruenameError('segment-unknown', `no segment in the configuration holds its ${nic.slot}`, {
      where,
      hint: 'Add the segment of its bridge and VLAN to truename.yaml, with its DHCP server.',
    });
  }
  const name = seenValue(subject.named) ?? '';
  return { subject, nic, segment, journalled: { ref: guest.ref, kind: guest.kind, name, alias } };
}

function theNic(
  nics: readonly Nic[],
  segments: readonly Segment[],
  asked: string | undefined,
  where: string,
): Nic {
  const slots = nics.map(({ slot }) => slot).join(', ');
  if (asked !== undefined) {
    const found = nics.find(({ slot }) => slot === asked);
    if (found !== undefined) return found;
    const has = nics.length === 0 ? 'it has none' : `it has ${slots}`;
    throw new TruenameError('not-found', `the guest has no network interface ${asked}`, {
      where,
      hint: `${has}.`,
    });
  }
  const [first] = nics;
  if (first === undefined)
    throw new TruenameError('not-found', 'the guest has no network interface', { where });
  const held = nics.filter((nic) => segmentOf(nic, segments) !== undefined);
  if (held.length <= 1) return held[0] ?? first;
  throw new TruenameError('usage', `several of its network interfaces are in a segment: ${slots}`, {
    where,
    hint: 'Say which one carries the name, such as --nic net0, or guests[].nic in truename.yaml.',
  });
}
