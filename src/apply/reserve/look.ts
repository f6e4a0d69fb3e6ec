import { TruenameError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import { observed, seenValue } from '../../domain/observation.ts';
import type { DhcpServer, ReservationWriter } from '../../domain/ports.ts';
import type { Reservation } from '../../domain/reservation.ts';
import { gentleResolver } from '../../observe/gentle-resolver.ts';
import { concerningLeases, leaseIn } from '../../observe/leases.ts';
import { namesakesOf } from '../../observe/place.ts';
import { answeredAddresses, observeResolvers } from '../../observe/resolvers.ts';
import type { ReservationSubject } from '../../plan/decide-reservation.ts';
import type { ServerView } from '../../plan/reservation-clash.ts';
import type { LocatedGuest } from './locate.ts';
import type { ReserveSources } from './sources.ts';

/** The server's writer. Throws `unsupported` where there is none. */
export function writerOf({ id, reserving }: DhcpServer): ReservationWriter {
  if (reserving !== undefined) return reserving;
  throw new TruenameError('unsupported', `${id} is only read: Truename cannot write its reservations`, {
    where: id,
  });
}

/** What stands at a server, and what it has leased. */
export async function viewServer(server: DhcpServer, signal: AbortSignal): Promise<ServerView> {
  const [standing, leases] = await Promise.all([writerOf(server).standing(signal), server.leases(signal)]);
  return { standing, leases };
}

/** A server, and what stands there. */
export interface ViewedServer {
  readonly server: DhcpServer;
  readonly view: ServerView;
}

/** Reads these servers at once, and leaves out those that can hold nothing of Truename's. */
export async function viewServers(
  servers: readonly DhcpServer[],
  signal: AbortSignal,
): Promise<ViewedServer[]> {
  const viewed = await Promise.all(
    servers.map(async (server) => {
      try {
        return { server, view: await viewServer(server, signal) };
      } catch (error) {
        if (error instanceof TruenameError && error.code === 'unsupported') return [];
        throw error;
      }
    }),
  );
  return viewed.flat();
}

/** What tells whether a guest may have its name, its resolvers asked in a way that leaves no negative answer behind. */
export async function subjectFor(
  sources: ReserveSources,
  located: LocatedGuest,
  { standing, leases }: ServerView,
  inventory: readonly GuestSummary[],
  signal: AbortSignal,
): Promise<ReservationSubject> {
  const { subject, nic, segment, address } = located;
  const { wanted, fqdn, guest, place, configuration } = subject;
  const where = { source: `DHCP server ${segment.dhcpServer}`, at: sources.now() };
  const table = observed(leases, where);
  const lease = leaseIn(table, nic);
  const own = address ?? standing.own.find(({ mac }) => mac === nic.mac)?.address;
  const bounded = () => AbortSignal.any([signal, AbortSignal.timeout(sources.patience.lookMs)]);
  const resolvers = segment.resolvers.map((id) => gentleResolver(sources.resolver(id)));
  const asked = { resolvers, now: sources.now, bounded };
  const views =
    fqdn === undefined ? [] : await observeResolvers(asked, fqdn, seenValue(lease)?.lease.address, signal);
  const given: Reservation | undefined =
    own === undefined ? undefined : { mac: nic.mac, address: own, file: standing.place };
  return {
    mac: nic.mac,
    segment,
    ...(address === undefined ? {} : { address }),
    evidence: {
      wanted,
      fqdn,
      reservation: observed(given, where),
      snapshot: { lease, resolvers: views },
      neighbours: {
        templates: inventory.flatMap((each) => (each.template ? (each.name ?? []) : [])),
        namesakes: namesakesOf(guest, wanted, inventory),
        leases: concerningLeases(table, {
          wanted,
          nic,
          nics: seenValue(configuration)?.nics ?? [],
          clientId: undefined,
          answered: answeredAddresses(views),
        }),
        nics: place.nics,
      },
    },
  };
}
