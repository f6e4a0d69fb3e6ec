import type { DhcpClientState } from '../domain/dhcp-client.ts';
import { leasesOf } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import type { Fqdn } from '../domain/name.ts';
import { type Observation, observed } from '../domain/observation.ts';
import type { DhcpServer, Resolver, Shell } from '../domain/ports.ts';
import type { GuestView, LeaseView, Snapshot } from '../domain/snapshot.ts';
import { attempt } from './attempt.ts';
import { gather } from './gather.ts';
import { type GuestProbes, guestView } from './probes.ts';
import { observeResolvers } from './resolvers.ts';

/** Where the links of one machine are read. */
export interface SnapshotSources {
  readonly shell: Shell;
  readonly probes: GuestProbes;
  readonly dhcpServer: DhcpServer;
  readonly resolvers: readonly Resolver[];
  readonly now: () => string;
  /**
   * The guest as it was seen in this boot: what no step in it changes is taken from there, and its other parts are read
   * anew. Absent: all is read.
   */
  readonly known?: GuestView;
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

async function observeGuest(
  { shell, probes, now, known }: SnapshotSources,
  { mac }: SnapshotSubject,
  signal: AbortSignal,
) {
  return attempt<GuestView>(shell.via, now, signal, async () => {
    if (known?.client === undefined) return guestView(await gather(shell, probes, mac, signal));
    const { identity, host } = probes;
    const client = probes[clientProbes[known.client.kind]];
    return { ...known, ...(await gather(shell, { identity, host, client }, mac, signal)) };
  });
}

/** The probe of each kind of client. */
const clientProbes = {
  'network-manager': 'networkManager',
  networkd: 'networkd',
  dhcpcd: 'dhcpcd',
  dhclient: 'dhclient',
} as const satisfies Readonly<Record<DhcpClientState['kind'], keyof GuestProbes>>;
