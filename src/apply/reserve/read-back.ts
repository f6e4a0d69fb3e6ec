import type { Address } from '../../domain/address.ts';
import { asTruenameError } from '../../domain/error.ts';
import { leasesOf } from '../../domain/lease.ts';
import { type Fqdn, firstLabel, sameName } from '../../domain/name.ts';
import type { DhcpServer, Resolver } from '../../domain/ports.ts';
import { type ReservationDifference, sameReservation } from '../../domain/reservation.ts';
import { attempt } from '../../observe/attempt.ts';
import type { ServerView } from '../../plan/reservation-clash.ts';
import { viewServer } from './look.ts';
import type { ReadBack } from './result.ts';
import type { ReserveSources } from './sources.ts';

/** What is to be read back for one guest. */
export interface Expected {
  readonly difference: ReservationDifference;
  /** Undefined where nobody asks DNS: after a release, and for a guest that is gone. */
  readonly fqdn: Fqdn | undefined;
  /** Ids of its segment's resolvers. */
  readonly resolvers: readonly string[];
}

/** Milliseconds. dnsmasq has renamed a lease within 100 ms; whatever takes longer than this was not done. */
export const leasePatienceMs = 10_000;

/** The pause between two looks at a server that was told something, in milliseconds. */
export const lookEveryMs = 200;

/**
 * Looks until everything is as it is to be, or the time for it is over: the reservation stands there, the server lives,
 * the living lease bears the name, each resolver gives the name its address, and the address its name where it serves that. One list for each that is expected.
 */
export async function readBack(
  sources: ReserveSources,
  server: DhcpServer,
  expected: readonly Expected[],
  patience: { readonly leaseMs?: number; readonly proofMs?: number },
  signal: AbortSignal,
): Promise<ReadBack[][]> {
  const { clock } = sources;
  const began = clock.elapsed();
  const { leaseMs = leasePatienceMs, proofMs = sources.patience.proofMs } = patience;
  let seen: ReadBack[][] = expected.map(() => []);
  for (;;) {
    const atServer = await lookAtServer(sources, server, expected, signal);
    seen = await Promise.all(
      expected.map(async (each, index) => {
        const own = atServer.links[index] ?? [];
        const before = seen[index] ?? [];
        return [...own, ...(await atResolvers(sources, each, own, atServer.view, before, signal))];
      }),
    );
    const late = clock.elapsed() - began;
    const open = seen.flat().filter(({ state }) => state === 'refuted' || state === 'not-observable');
    if (open.length === 0 || late >= Math.max(leaseMs, proofMs)) return seen;
    // What the server itself does not do at once, it does not do.
    if (late >= leaseMs && open.some(({ link }) => !isDns(link))) return seen;
    if (late >= proofMs && open.every(({ link }) => isDns(link))) return seen;
    await clock.sleep(lookEveryMs, signal);
  }
}

/** What was read back of one guest and shows that the server did not do what it was told; undefined for nothing. */
export function notTaken(links: readonly ReadBack[]): ReadBack | undefined {
  return links.find(({ link, state }) => state === 'refuted' && !isDns(link));
}

/** Resolvers follow in their own time, and may be wrong for reasons of their own. */
function isDns(link: ReadBack['link']): boolean {
  return link === 'forward' || link === 'reverse';
}

async function lookAtServer(
  sources: ReserveSources,
  server: DhcpServer,
  expected: readonly Expected[],
  signal: AbortSignal,
): Promise<{ readonly links: ReadBack[][]; readonly view: ServerView | undefined }> {
  const { now, patience } = sources;
  const until = () => AbortSignal.any([signal, AbortSignal.timeout(patience.lookMs)]);
  const [view, life] = await Promise.all([
    attempt('reservations', now, signal, (each) => viewServer(server, each), until),
    lifeOf(server, { now, lookMs: patience.lookMs }, signal),
  ]);
  const at = now();
  if (view.seen !== 'value') {
    const unseen: ReadBack = { link: 'reservation', at, state: 'not-observable', because: whyOf(view) };
    return { links: expected.map(() => [unseen, life]), view: undefined };
  }
  const links = expected.map(({ difference }) => [
    reservationLink(difference, view.value, at),
    life,
    ...leaseLink(difference, view.value, at),
  ]);
  return { links, view: view.value };
}

function whyOf(observation: { readonly seen: string; readonly why?: string }): string {
  return observation.why ?? 'it said nothing';
}

/** One look whether a server would answer a client now. */
export async function lifeOf(
  server: DhcpServer,
  { now, lookMs }: { readonly now: () => string; readonly lookMs: number },
  signal: AbortSignal,
): Promise<ReadBack> {
  const until = () => AbortSignal.any([signal, AbortSignal.timeout(lookMs)]);
  const seen = await attempt('server', now, signal, (each) => server.alive(each), until);
  const at = now();
  if (seen.seen !== 'value') return { link: 'server', at, state: 'not-observable', because: whyOf(seen) };
  const life = seen.value;
  return life.alive
    ? { link: 'server', at, state: 'proven', because: life.sign }
    : { link: 'server', at, state: 'refuted', because: life.why };
}

function reservationLink(
  { mac, becomes }: ReservationDifference,
  { standing }: ServerView,
  at: string,
): ReadBack {
  const stands = standing.own.find((each) => each.mac === mac) ?? null;
  const state = sameReservation(stands, becomes) ? 'proven' : 'refuted';
  const saying = stands === null ? 'nothing' : [stands.name, stands.address ?? []].flat().join(', ');
  return { link: 'reservation', at, state, because: `${standing.place} says ${saying} for ${mac}` };
}

function leaseLink(
  { mac, becomes }: ReservationDifference,
  { leases, standing }: ServerView,
  at: string,
): ReadBack[] {
  if (becomes === null) return [];
  const lease = leasesOf(leases, mac)[0];
  if (lease === undefined)
    return [
      { link: 'lease', at, state: 'pending', because: 'it holds no lease yet; its first one bears the name' },
    ];
  const holds = `the lease of ${lease.address} bears ${lease.name ?? 'no name'}`;
  if (becomes.address !== undefined && becomes.address !== lease.address) {
    const because = `${holds}; ${becomes.address} and the name are the guest's from its next request on`;
    return [{ link: 'lease', at, state: 'pending', because }];
  }
  if (sameName(firstLabel(lease.name), becomes.name))
    return [{ link: 'lease', at, state: 'proven', because: holds }];
  if (standing.renamesLeases !== false) return [{ link: 'lease', at, state: 'refuted', because: holds }];
  const because = `${holds}; the name is the guest's from its next request on`;
  return [{ link: 'lease', at, state: 'pending', because }];
}

/** Asks only those that did not agree before, and nobody before the lease is right: that would leave a negative answer. */
async function atResolvers(
  sources: ReserveSources,
  { difference, fqdn, resolvers }: Expected,
  own: readonly ReadBack[],
  view: ServerView | undefined,
  before: readonly ReadBack[],
  signal: AbortSignal,
): Promise<ReadBack[]> {
  const lease = own.find(({ link }) => link === 'lease');
  const address = view === undefined ? undefined : leasesOf(view.leases, difference.mac)[0]?.address;
  if (fqdn === undefined || difference.becomes === null || address === undefined) return [];
  if (lease?.state !== 'proven') return [];
  if (view?.standing.registersNames === false) {
    const because = 'the server tells no DNS of its leases; whoever keeps the zone must enter the name';
    return resolvers.map((of) => ({ link: 'forward', of, at: sources.now(), state: 'pending', because }));
  }
  const asked = resolvers.flatMap((id) => (['forward', 'reverse'] as const).map((link) => ({ id, link })));
  const links = await Promise.all(
    asked.map(async ({ id, link }) => {
      const known = before.find((each) => each.link === link && each.of === id && each.state === 'proven');
      return known ?? resolverLink(sources, sources.resolver(id), { link, fqdn, address }, signal);
    }),
  );
  return links.flatMap((each) => each ?? []);
}

/** What a resolver says; undefined of a reverse zone that it does not serve. */
async function resolverLink(
  { now }: ReserveSources,
  resolver: Resolver,
  {
    link,
    fqdn,
    address,
  }: { readonly link: 'forward' | 'reverse'; readonly fqdn: Fqdn; readonly address: Address },
  signal: AbortSignal,
): Promise<ReadBack | undefined> {
  const base = { link, of: resolver.id };
  try {
    const answer =
      link === 'forward' ? await resolver.forward(fqdn, signal) : await resolver.reverse(address, signal);
    if (answer.status === 'not-served') return undefined;
    const records: readonly string[] = answer.status === 'answered' ? answer.records : [];
    const [asked, wanted] = link === 'forward' ? [fqdn, address] : [address, fqdn];
    const right = records.length === 1 && records[0] === wanted;
    const because = records.length === 0 ? `${asked} does not resolve` : `${asked} is ${records.join(', ')}`;
    return { ...base, at: now(), state: right ? 'proven' : 'refuted', because };
  } catch (error) {
    signal.throwIfAborted();
    return { ...base, at: now(), state: 'not-observable', because: asTruenameError(error).message };
  }
}
