import type { Address } from '../domain/address.ts';
import type { Evidence, Neighbours } from '../domain/evidence.ts';
import type { GuestConfiguration, GuestSummary, Nic } from '../domain/guest.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { mayHold, type Segment, segmentOf } from '../domain/segment.ts';

/** Where a machine is plugged in. */
export interface Place {
  readonly nics: Evidence['neighbours']['nics'];
  /** The one whose name is looked at. */
  readonly nic: Nic | undefined;
  readonly segment: Segment | undefined;
}

/** The NIC that somebody named, else the first that a segment holds, else the first one. */
export function placeOf(
  segments: readonly Segment[],
  configuration: GuestConfiguration | undefined,
  slot?: string,
): Place {
  const held = (configuration?.nics ?? []).map((nic) => ({ nic, segment: segmentOf(nic, segments) }));
  const named = held.find((each) => each.nic.slot === slot);
  const chosen = named ?? held.find((each) => each.segment !== undefined) ?? held[0];
  const nics = held.map(({ nic, segment }) => ({
    nic,
    ...(segment === undefined ? {} : { segment: segment.name }),
  }));
  return { nics, nic: chosen?.nic, segment: chosen?.segment };
}

/** The address, unless it lies outside of the segment: then it is nobody's word to go by. */
export function usable(address: Address | undefined, { segment }: Place): Address | undefined {
  return address !== undefined && (segment === undefined || mayHold(segment, address)) ? address : undefined;
}

/** Other guests, templates aside, whose names are the same up to the first dot, whatever their case. */
export function namesakesOf(
  guest: GuestSummary,
  wanted: string,
  inventory: readonly GuestSummary[],
): Neighbours['namesakes'] {
  return inventory.flatMap(({ ref, name, template }) =>
    !template && name !== undefined && ref.vmid !== guest.ref.vmid && sameName(firstLabel(name), wanted)
      ? [{ ref, name }]
      : [],
  );
}
