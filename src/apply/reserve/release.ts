import type { GuestSummary } from '../../domain/guest.ts';
import type { JournalledGuest } from '../../domain/journal.ts';
import { leasesOf } from '../../domain/lease.ts';
import { firstLabel, sameName } from '../../domain/name.ts';
import type { OwnReservation } from '../../domain/reservation.ts';
import type { ServerView } from '../../plan/reservation-clash.ts';
import { mustBeFew } from '../must-be-few.ts';
import { carryOut, type PlannedWrite } from './carry-out.ts';
import { leaseNamesBefore } from './lease-names-before.ts';
import { lockServers } from './lock-servers.ts';
import { findReserved, type Reserved } from './reserved.ts';
import type { ReservationResult, ReservationRun, ServerWrite } from './result.ts';
import { seeServers } from './see-servers.ts';
import type { ReserveSources } from './sources.ts';

/** What a person asked for. */
export interface ReleaseRequest {
  readonly run: string;
  /** Guests as `findGuests` takes them; of one that is gone, the name or MAC address that Truename reserved. */
  readonly words: readonly string[];
  /** Guests that filters hold, beside those that are named; of one without a reservation nothing is said. */
  readonly guests: readonly GuestSummary[];
  readonly inventory: readonly GuestSummary[];
  /** Names that templates give to their clones. */
  readonly templates: readonly string[];
  /** `net1`; absent: every NIC. */
  readonly slot?: string;
  readonly yes: boolean;
}

/**
 * Takes back what Truename reserved for guests, at every DHCP server of the configuration, and nothing else. Leases keep
 * their names until their guests ask again, which is said. A server that cannot be looked at keeps back its own guests, and
 * whoever has nothing elsewhere.
 */
export async function release(
  request: ReleaseRequest,
  sources: ReserveSources,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ReservationRun> {
  const ids = [...new Set(sources.segments.map(({ dhcpServer }) => dhcpServer))].sort();
  const servers = ids.map(sources.dhcpServer).filter(({ reserving }) => reserving !== undefined);
  const locks = await lockServers(
    sources,
    servers.map(({ id }) => id),
  );
  try {
    const seen = await seeServers(sources, servers, say, signal);
    const found = await findReserved(request, sources, seen, signal);
    const before = leaseNamesBefore(await sources.runs());
    const turns = seen.views.map(({ server, view }) => {
      const mine = found.reserved.filter((each) => each.server === server.id);
      return { server, view, writes: mine.map((each) => planned(each, view, before, request)) };
    });
    const count = turns.reduce((sum, { writes }) => sum + writes.length, 0);
    if (sources.memory !== undefined && !request.yes) mustBeFew(count, request.inventory);
    const written: ServerWrite[] = [];
    const results: ReservationResult[] = [...found.settled];
    for (const turn of turns.filter(({ writes }) => writes.length > 0)) {
      const done = await carryOut(sources, turn, say, signal);
      written.push(done.server);
      results.push(...done.results);
    }
    return { run: request.run, dryRun: sources.memory === undefined, servers: written, results };
  } finally {
    await locks.release();
  }
}

function planned(
  { guest, slot, own, server, notes: found }: Reserved,
  { leases }: ServerView,
  before: ReadonlyMap<string, string>,
  request: ReleaseRequest,
): PlannedWrite {
  const lease = leasesOf(leases, own.mac)[0];
  const keeps = lease?.name;
  const notes = [
    ...(keeps === undefined
      ? []
      : [`its lease keeps the name ${keeps} until the guest asks again, and then bears what it says`]),
    ...warnings(before.get(`${server} ${own.mac}`), own, request),
    ...found,
  ];
  const { name, ref } = guest;
  return {
    guest: journalled(guest, own),
    difference: { mac: own.mac, was: own, becomes: null },
    fqdn: undefined,
    resolvers: [],
    result: {
      name,
      ...(ref === undefined ? {} : { ref }),
      ...(slot === undefined ? {} : { slot }),
      mac: own.mac,
      server,
      was: own,
      becomes: null,
      outcome: 'planned',
      why: 'would be taken back',
      notes,
      readBack: [],
    },
  };
}

/** The name that the guest gave itself before is the best that anybody knows of what it will say. */
function warnings(
  said: string | undefined,
  own: OwnReservation,
  { templates, inventory }: ReleaseRequest,
): string[] {
  if (said === undefined)
    return ['what the guest says of itself is not known here: truename doctor looks at it'];
  const known = [...templates, ...inventory.flatMap((each) => (each.template ? (each.name ?? []) : []))];
  if (known.some((each) => sameName(firstLabel(each), said)))
    return [
      `WARNING: before it was reserved its lease bore ${said}, the name of a template, and may do so again`,
    ];
  return sameName(said, own.name) ? [] : [`before it was reserved its lease bore ${said}`];
}

function journalled(guest: Reserved['guest'], own: OwnReservation): JournalledGuest {
  const { name, ref, kind = 'vm', alias } = guest;
  return {
    ref: ref ?? { hypervisor: '', node: '', vmid: 0 },
    kind,
    name,
    alias: alias ?? `gone-${own.mac}`,
  };
}
