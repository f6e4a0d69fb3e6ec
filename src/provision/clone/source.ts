import { TruenameError } from '../../domain/error.ts';
import type { GuestSummary, Nic } from '../../domain/guest.ts';
import type { StandingGuest } from '../../domain/guest-maker.ts';
import { type Segment, segmentOf } from '../../domain/segment.ts';
import { findGuests } from '../../observe/find-guests.ts';
import { placeOf } from '../../observe/place.ts';
import type { CloneContext } from './context.ts';

/** What is copied, and where a copy will be plugged in. */
export interface CloneSource {
  readonly summary: GuestSummary;
  readonly standing: StandingGuest;
  /** NICs of a copy that a segment holds, the one that carries the name first. */
  readonly nics: readonly PlacedNic[];
}

/** A NIC of a copy on its segment. */
export interface PlacedNic {
  /** As at the source, moved where that was asked for. */
  readonly nic: Nic;
  readonly segment: Segment;
  /** False for a further one in a domain that another carries the name in: two would take it from each other. */
  readonly carriesName: boolean;
}

/** Finds what is to be copied, and refuses what cannot be. */
export async function findSource(
  context: CloneContext,
  inventory: readonly GuestSummary[],
): Promise<CloneSource> {
  const { order, sources, maker, signal } = context;
  const [summary] = await findGuests(sources, [order.from], inventory, signal);
  if (summary === undefined) throw new TruenameError('not-found', `there is no ${order.from}`);
  const where = `${summary.ref.node}/${summary.ref.vmid}`;
  if (summary.kind === 'container')
    throw new TruenameError('unsupported', `${order.from} is a container, and only VMs are cloned`, {
      where,
    });
  if (!summary.template && order.disks === 'linked') {
    throw new TruenameError('usage', `${order.from} is no template: its disks cannot be shared`, {
      where,
      hint: 'Make it a template, or add --full for copies of its disks.',
    });
  }
  const standing = await maker.standing(summary.ref, signal);
  return { summary, standing, nics: placedNics(context, summary, standing) };
}

function placedNics(
  { order, sources }: CloneContext,
  summary: GuestSummary,
  standing: StandingGuest,
): PlacedNic[] {
  const { segments, nicFor } = sources;
  const segment = wantedSegment(order.segment, segments);
  const main = placeOf(segments, standing, nicFor?.(summary)).nic;
  if (main === undefined) {
    throw new TruenameError('segment-unknown', 'the source has no network interface', {
      where: `VM ${summary.ref.vmid}`,
    });
  }
  const nics = standing.nics.map((nic) =>
    nic.slot === main.slot && segment !== undefined ? movedTo(nic, segment) : nic,
  );
  const ordered = [...nics].sort(
    (left, right) => Number(right.slot === main.slot) - Number(left.slot === main.slot),
  );
  const placed: PlacedNic[] = [];
  for (const nic of ordered) {
    const holds = segmentOf(nic, segments);
    if (holds === undefined) continue;
    const taken = placed.some((each) => each.carriesName && each.segment.domain === holds.domain);
    placed.push({ nic, segment: holds, carriesName: !taken });
  }
  if (placed[0]?.nic.slot === main.slot) return placed;
  const plug = main.vlan === undefined ? `bridge ${main.bridge}` : `bridge ${main.bridge}, VLAN ${main.vlan}`;
  throw new TruenameError('segment-unknown', `no segment holds ${main.slot} of the source (${plug})`, {
    where: `VM ${summary.ref.vmid}`,
    hint: 'Add a segment with this bridge and VLAN to truename.yaml, or name another one with --segment.',
  });
}

function wantedSegment(name: string | undefined, segments: readonly Segment[]): Segment | undefined {
  if (name === undefined) return undefined;
  const segment = segments.find((each) => each.name === name);
  if (segment !== undefined) return segment;
  throw new TruenameError('usage', `there is no segment ${name}`, {
    hint: `Known are: ${segments.map((each) => each.name).join(', ')}.`,
  });
}

/** On the segment's bridge and in its VLAN; where it has none, untagged. */
function movedTo({ vlan: _, ...nic }: Nic, { bridge, vlan }: Segment): Nic {
  return { ...nic, ...(bridge === undefined ? {} : { bridge }), ...(vlan === undefined ? {} : { vlan }) };
}
