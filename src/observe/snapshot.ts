import type { Address } from '../domain/address.ts';
import { TruenameError } from '../domain/error.ts';
import { leasesOf } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import type { Fqdn } from '../domain/name.ts';
import { notObservable, type Observation, observed } from '../domain/observation.ts';
import type { DhcpServer, Resolver, Shell } from '../domain/ports.ts';
import type { GuestView, LeaseView, ResolverView, Snapshot } from '../domain/snapshot.ts';
import { gather } from './gather.ts';
import type { GuestProbes } from './probes.ts';

/** Where the links of one machine are read. */
export interface SnapshotSources {
  readonly shell: Shell;
  readonly probes: GuestProbes;
  readonly dhcpServer: DhcpServer;
  readonly resolvers: readonly Resolver[];
  readonly now: () => string;
}

/** Whose links are read. */
export interface SnapshotSubject {
  readonly nameAtHypervisor: string;
  readonly mac: Mac;
  readonly fqdn: Fqdn;
}

/** Reads every link of one machine at once. A link that cannot be read is an observation, not an error. */
export async function takeSnapshot(
  sources: SnapshotSources,
  subject: SnapshotSubject,
  signal: AbortSignal,
): Promise<Snapshot> {
  const [guest, lease] = await Promise.all([
    observeGuest(sources, subject, signal),
    observeLease(sources, subject.mac, signal),
  ]);
  const address = lease.seen === 'value' ? lease.value.lease.address : undefined;
  const resolvers = await observeResolvers(sources, subject.fqdn, address, signal);
  return {
    hypervisor: observed(subject.nameAtHypervisor, { source: 'hypervisor', at: sources.now() }),
    guest,
    lease,
    resolvers,
  };
}

/** The living lease of a MAC address on the segment's server. */
export async function observeLease(
  { dhcpServer, now }: Pick<SnapshotSources, 'dhcpServer' | 'now'>,
  mac: Mac,
  signal: AbortSignal,
): Promise<Observation<LeaseView>> {
  const source = `leases of ${dhcpServer.id}`;
  return attempt(source, now, signal, async () => {
    const table = await dhcpServer.leases(signal);
    const lease = leasesOf(table, mac)[0];
    return lease === undefined ? undefined : { lease, readAt: table.readAt };
  });
}

/** What every resolver says of the name, and of the address; without an address nobody can look at the reverse. */
async function observeResolvers(
  { resolvers, now }: Pick<SnapshotSources, 'resolvers' | 'now'>,
  fqdn: Fqdn,
  address: Address | undefined,
  signal: AbortSignal,
): Promise<ResolverView[]> {
  return Promise.all(
    resolvers.map(async (resolver) => ({
      resolver: resolver.id,
      forward: await attempt(`${resolver.id}: ${fqdn}`, now, signal, () => resolver.forward(fqdn, signal)),
      reverse: await attempt(`${resolver.id}: ${address ?? 'no address'}`, now, signal, async () => {
        if (address !== undefined) return resolver.reverse(address, signal);
        throw new TruenameError('address-not-found', 'no lease says for which address to ask');
      }),
    })),
  );
}

async function observeGuest(
  { shell, probes, now }: SnapshotSources,
  subject: SnapshotSubject,
  signal: AbortSignal,
) {
  return attempt<GuestView>(shell.via, now, signal, () => gather(shell, probes, subject.mac, signal));
}

async function attempt<T>(
  source: string,
  now: () => string,
  signal: AbortSignal,
  look: () => Promise<T | undefined>,
): Promise<Observation<T>> {
  try {
    return observed(await look(), { source, at: now() });
  } catch (error) {
    // An interrupted run is over; every other failure is only a link that could not be seen.
    signal.throwIfAborted();
    return notObservable(error, { source, at: now() });
  }
}
