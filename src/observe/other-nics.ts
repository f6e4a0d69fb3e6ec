import type { Evidence } from '../domain/evidence.ts';
import type { Shell } from '../domain/ports.ts';
import type { Segment } from '../domain/segment.ts';
import { sameDomain } from '../domain/segment.ts';
import type { GuestView } from '../domain/snapshot.ts';
import { gather } from './gather.ts';
import { type GuestProbes, guestView } from './probes.ts';

/**
 * The guest as its other NICs in the same domain see it: which client holds each, and which name that sends. One
 * round trip a NIC, and none for a guest with a single one.
 */
export async function observeOtherNics(
  { probes, segments }: { readonly probes: GuestProbes; readonly segments: readonly Segment[] },
  { neighbours, nic, segment }: Evidence,
  shell: Shell,
  signal: AbortSignal,
): Promise<GuestView[]> {
  const others = neighbours.nics.filter(
    (each) =>
      each.nic.slot !== nic?.slot &&
      sameDomain(
        segments.find(({ name }) => name === each.segment),
        segment,
      ),
  );
  return Promise.all(
    others.map(async (each) => guestView(await gather(shell, probes, each.nic.mac, signal))),
  );
}
