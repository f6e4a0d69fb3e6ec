import { TruenameError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import { type Lease, livingLeases } from '../../domain/lease.ts';
import type { Mac } from '../../domain/mac.ts';
import { seenValue } from '../../domain/observation.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { findGuests } from '../../observe/find-guests.ts';
import { foreignRecords, leasesUnder } from '../../plan/name-holders.ts';
import type { PlacedGuest } from './approach.ts';
import type { RebuildContext } from './context.ts';

/**
 * A name that somebody else has is not given away, unless that was asked for; a dry run only says so. Somebody else
 * is a machine of the cluster that holds a living lease of this name, and whoever a resolver answers with, perhaps
 * the firewall or a node. A lease that no machine of the cluster can hold is a leftover of one that is gone: said,
 * and no obstacle.
 */
export async function mustBeFree(
  context: RebuildContext,
  placed: PlacedGuest,
  snapshot: Snapshot,
): Promise<void> {
  const { fqdn, segment } = placed;
  const left = new Set<string>();
  for (const lease of await othersOfTheName(context, placed)) {
    const holder = await holderOf(context, lease.mac);
    if (holder === undefined) {
      left.add(lease.address);
      context.note(
        `${lease.address} is still leased as ${lease.name} to ${lease.mac}, which no VM has: a leftover`,
      );
    } else
      refuse(
        context,
        `${lease.name} is leased to ${described(holder)} at ${lease.address}`,
        segment.dhcpServer,
      );
  }
  const own = seenValue(snapshot.lease)?.lease.address;
  for (const { resolver, forward } of snapshot.resolvers) {
    const others = foreignRecords(forward, (record) => record === own || left.has(record));
    if (others.length > 0)
      refuse(
        context,
        `${fqdn} is ${others.join(', ')} already, and the VM has ${own ?? 'no lease'}`,
        resolver,
      );
  }
}

/**
 * Leases of the name on the VM's segment that are not its own. A table that cannot be read says nothing: a dry run
 * goes on without.
 */
async function othersOfTheName(
  { request, sources, note, signal }: RebuildContext,
  { segment, found }: PlacedGuest,
): Promise<Lease[]> {
  const own = found.configuration.nics.map(({ mac }) => mac);
  try {
    const table = await sources.dhcpServer(segment.dhcpServer).leases(signal);
    return leasesUnder(request.name, own, livingLeases(table));
  } catch (error) {
    signal.throwIfAborted();
    if (!request.dryRun || !(error instanceof TruenameError)) throw error;
    note(`who else holds the name could not be seen: ${error.message}`);
    return [];
  }
}

/** The machine of the cluster with this MAC address; undefined for none. Throws where that cannot be known. */
async function holderOf({ sources, signal }: RebuildContext, mac: Mac): Promise<GuestSummary | undefined> {
  const inventory = await sources.hypervisor.guests(signal);
  try {
    const [guest] = await findGuests(sources, [mac], inventory, signal);
    return guest;
  } catch (error) {
    if (error instanceof TruenameError && error.code === 'not-found') return undefined;
    throw error;
  }
}

function described({ ref, kind, name }: GuestSummary): string {
  return `${kind === 'vm' ? 'VM' : 'container'} ${ref.vmid} (${name ?? 'without a name'})`;
}

function refuse({ request, note }: RebuildContext, taken: string, where: string): void {
  if (request.dryRun || request.takeName) {
    note(taken);
    return;
  }
  throw new TruenameError('name-taken', taken, {
    where,
    hint: 'Nothing was built. Choose another name for the VM; or, if that machine is gone, add --take-name.',
  });
}
