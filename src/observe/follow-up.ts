import { isWithoutRecord } from '../domain/dns-answer.ts';
import { addressingOf, type Evidence, type LeaseElsewhere, type LeaseRoom } from '../domain/evidence.ts';
import type { GuestSummary } from '../domain/guest.ts';
import { type Lease, type LeaseTable, leasesOf } from '../domain/lease.ts';
import { type Fqdn, firstLabel, sameName } from '../domain/name.ts';
import { type Observation, seenValue } from '../domain/observation.ts';
import type { Reservation } from '../domain/reservation.ts';
import { sentNow } from '../domain/sent-name.ts';
import type { ResolverView } from '../domain/snapshot.ts';
import type { ExamineSources } from './examine-sources.ts';
import { holdersOf } from './holders.ts';
import { leaseRoom } from './lease-room.ts';
import type { Look } from './server-tables.ts';

/** What was read anyway, of which evidence keeps a part. */
export interface ReadAnyway {
  readonly inventory: readonly GuestSummary[];
  readonly table: Observation<LeaseTable>;
  readonly reservations: Observation<readonly Reservation[]>;
}

/**
 * The evidence with what is looked at only where something was seen to be wrong: a machine that is right costs its servers no
 * question more.
 */
export async function followUp(
  sources: ExamineSources,
  evidence: Evidence,
  read: ReadAnyway,
  look: Look,
): Promise<Evidence> {
  const [resolvers, hostEntries, holders, elsewhere, room] = await Promise.all([
    Promise.all(evidence.snapshot.resolvers.map((each) => withDomain(sources, evidence, each, look))),
    entriesFor(sources, evidence, look),
    holdersOf(sources.hypervisor, evidence, read.inventory, look),
    leasesElsewhere(sources, evidence, look),
    roomLeft(sources, evidence, read, look),
  ]);
  return {
    ...evidence,
    snapshot: { ...evidence.snapshot, resolvers },
    neighbours: {
      ...evidence.neighbours,
      ...(hostEntries === undefined ? {} : { hostEntries }),
      ...(holders === undefined ? {} : { holders }),
      ...(elsewhere === undefined ? {} : { elsewhere }),
      ...(room === undefined ? {} : { room }),
    },
  };
}

/** A lease with the right name that a resolver does not know: whether it knows anything of the domain. */
async function withDomain(
  { resolver }: ExamineSources,
  { snapshot, segment, wanted }: Evidence,
  view: ResolverView,
  look: Look,
): Promise<ResolverView> {
  const lease = seenValue(snapshot.lease)?.lease;
  const answer = seenValue(view.forward);
  if (segment === undefined || answer?.status !== 'none' || !sameName(firstLabel(lease?.name), wanted))
    return view;
  const { knows } = resolver(view.resolver);
  if (knows === undefined) return view;
  const knowsDomain = await look(`${view.resolver}: ${segment.domain}`, (signal) =>
    knows(segment.domain as Fqdn, signal),
  );
  return { ...view, knowsDomain };
}

async function entriesFor(
  { dhcpServer }: ExamineSources,
  evidence: Evidence,
  look: Look,
): Promise<Evidence['neighbours']['hostEntries']> {
  const { segment, fqdn, snapshot } = evidence;
  const lease = seenValue(snapshot.lease)?.lease;
  if (segment === undefined || fqdn === undefined || lease === undefined) return undefined;
  if (!hintsAtEntry(evidence, lease)) return undefined;
  const { hostEntries } = dhcpServer(segment.dhcpServer);
  if (hostEntries === undefined) return undefined;
  const about = { fqdn, address: lease.address };
  return look(`host entries of ${segment.dhcpServer}`, (signal) => hostEntries(about, signal));
}

/** A resolver that says something else than the lease does, or a lease whose name nothing else explains. */
function hintsAtEntry(evidence: Evidence, lease: Lease): boolean {
  const { snapshot, segment, wanted, fqdn } = evidence;
  const leased = `${firstLabel(lease.name) ?? ''}.${segment?.domain ?? ''}`;
  const otherwise = snapshot.resolvers.some(({ forward, reverse }) => {
    const [addresses, names] = [seenValue(forward), seenValue(reverse)];
    return (
      (addresses?.status === 'answered' && addresses.records.some((each) => each !== lease.address)) ||
      (names?.status === 'answered' &&
        !names.records.some((each) => sameName(each, fqdn) || sameName(each, leased)))
    );
  });
  return otherwise || (lease.name !== undefined && !isExplained(evidence, lease.name, wanted));
}

/** The wanted name, a template's, what the server was told for the MAC address, or what the client has sent. */
function isExplained(evidence: Evidence, name: string, wanted: string): boolean {
  const { neighbours, reservation, snapshot } = evidence;
  const view = seenValue(snapshot.guest);
  const sent = view === undefined ? undefined : sentNow(view);
  const known = [
    wanted,
    ...neighbours.templates,
    seenValue(reservation)?.name,
    sent === undefined || sent.from === 'nothing' ? undefined : sent.name,
  ];
  return known.some((each) => sameName(firstLabel(each), firstLabel(name)));
}

/**
 * The machine's leases at the other servers, where its own was read and has none, or where a resolver does not know what that has:
 * it may be told by another one.
 */
async function leasesElsewhere(
  { dhcpServer, dhcpServers, segments }: ExamineSources,
  evidence: Evidence,
  look: Look,
): Promise<readonly LeaseElsewhere[] | undefined> {
  const { nic, segment } = evidence;
  if (nic === undefined || segment === undefined) return undefined;
  if (!lacksLease(evidence) && !isLostBehindLease(evidence)) return undefined;
  const ids = new Set(dhcpServers ?? segments.map((each) => each.dhcpServer));
  ids.delete(segment.dhcpServer);
  return Promise.all(
    [...ids].map(async (id) => ({
      dhcpServer: id,
      leases: await look<readonly Lease[]>(`leases of ${id}`, async (signal) =>
        leasesOf(await dhcpServer(id).leases(signal), nic.mac),
      ),
    })),
  );
}

/** It should have a lease at its server, whose leases were read, and has none. */
function lacksLease(evidence: Evidence): boolean {
  const { snapshot, guest } = evidence;
  return snapshot.lease.seen === 'empty' && guest.power !== 'stopped' && addressingOf(evidence) !== 'static';
}

/** The lease bears the name, and a resolver does not know it. */
function isLostBehindLease({ snapshot, wanted }: Evidence): boolean {
  return (
    sameName(firstLabel(seenValue(snapshot.lease)?.lease.name), wanted) &&
    snapshot.resolvers.some(({ forward }) => isWithoutRecord(forward))
  );
}

/** Whether the server has anything left for a machine to which it leases nothing. */
async function roomLeft(
  { dhcpServer }: ExamineSources,
  evidence: Evidence,
  { table, reservations }: ReadAnyway,
  look: Look,
): Promise<Observation<LeaseRoom> | undefined> {
  const { segment, nic } = evidence;
  if (segment === undefined || nic === undefined || table.seen !== 'value' || !lacksLease(evidence))
    return undefined;
  const { limits } = dhcpServer(segment.dhcpServer);
  if (limits === undefined) return undefined;
  return look(`limits of ${segment.dhcpServer}`, async (signal) =>
    leaseRoom(await limits(signal), table.value, seenValue(reservations) ?? [], segment),
  );
}
