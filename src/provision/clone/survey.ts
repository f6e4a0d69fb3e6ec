import pLimit from 'p-limit';
import { TruenameError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import { fqdn, type Hostname } from '../../domain/name.ts';
import { observed } from '../../domain/observation.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import type { OwnReservation, Reservation } from '../../domain/reservation.ts';
import { attempt } from '../../observe/attempt.ts';
import { gentleResolver } from '../../observe/gentle-resolver.ts';
import type { NameSurvey, SurveyedAnswer, SurveyedGuest, SurveyedServer } from '../../plan/name-holders.ts';
import type { CloneContext } from './context.ts';

/** Configurations read, and resolvers asked, together. */
const looksAtOnce = 8;

/**
 * Reads once everything that could hold one of the names: every guest, every DHCP server's leases and reservations, and
 * every resolver about the name under the domain of its segment. A server or resolver that cannot be read is an observation
 * that says so; throws where a guest cannot be read, since it might have any name and any MAC address.
 */
export async function surveyNames(
  context: CloneContext,
  inventory: readonly GuestSummary[],
): Promise<NameSurvey> {
  const { order, sources } = context;
  const limit = pLimit(looksAtOnce);
  const asked = order.names.flatMap((name) =>
    sources.segments.flatMap(({ domain, resolvers }) =>
      resolvers.map((resolver) => ({ name, fqdn: fqdn(name, domain), resolver })),
    ),
  );
  const [guests, servers, answers] = await Promise.all([
    Promise.all(inventory.map((guest) => limit(() => surveyGuest(context, guest)))),
    Promise.all(sources.dhcpServers.map((id) => surveyServer(context, sources.dhcpServer(id)))),
    Promise.all(asked.map((each) => limit(() => ask(context, each)))),
  ]);
  return { guests: guests.flat(), servers, answers };
}

/** None for a guest that somebody removed since the list was made. */
async function surveyGuest(
  { sources, signal }: CloneContext,
  summary: GuestSummary,
): Promise<SurveyedGuest[]> {
  try {
    return [{ summary, configuration: await sources.hypervisor.configuration(summary, signal) }];
  } catch (error) {
    signal.throwIfAborted();
    const { vmid } = summary.ref;
    if ((await sources.hypervisor.find(vmid, signal)) === undefined) return [];
    if (!(error instanceof TruenameError)) throw error;
    throw new TruenameError(
      error.code,
      `whether guest ${vmid} has the name could not be seen: ${error.message}`,
      {
        where: error.where ?? sources.hypervisor.id,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        cause: error,
      },
    );
  }
}

async function surveyServer({ sources, signal }: CloneContext, server: DhcpServer): Promise<SurveyedServer> {
  const { now, patience } = sources;
  const until = () => AbortSignal.any([signal, AbortSignal.timeout(patience.lookMs)]);
  const look = <T>(what: string, read: (each: AbortSignal) => Promise<T>) =>
    attempt(`${what} of ${server.id}`, now, signal, read, until);
  const [leases, reservations] = await Promise.all([
    look('leases', (each) => server.leases(each)),
    look('reservations', (each) => readReservations(server, each)),
  ]);
  if (reservations.seen !== 'value') {
    const unseen = reservations.seen === 'empty' ? observed([], reservations) : reservations;
    return { id: server.id, leases, own: unseen, others: unseen };
  }
  const { own, others } = reservations.value;
  return { id: server.id, leases, own: observed(own, reservations), others: observed(others, reservations) };
}

/** Where Truename can hold none, all are somebody else's; a product that shows none has none that could be looked at. */
async function readReservations(
  { reserving, reservations }: DhcpServer,
  signal: AbortSignal,
): Promise<{ readonly own: readonly OwnReservation[]; readonly others: readonly Reservation[] }> {
  if (reserving !== undefined) {
    try {
      return await reserving.standing(signal);
    } catch (error) {
      if (!(error instanceof TruenameError) || error.code !== 'unsupported') throw error;
    }
  }
  return { own: [], others: (await reservations?.(signal)) ?? [] };
}

/** Asked in a way that leaves no negative answer behind: the name is to resolve in a minute. */
async function ask(
  { sources, signal }: CloneContext,
  asked: Pick<SurveyedAnswer, 'name' | 'fqdn' | 'resolver'> & { readonly name: Hostname },
): Promise<SurveyedAnswer> {
  const { now, patience } = sources;
  const resolver = gentleResolver(sources.resolver(asked.resolver));
  const until = () => AbortSignal.any([signal, AbortSignal.timeout(patience.lookMs)]);
  const answer = await attempt(
    `${asked.resolver}: A ${asked.fqdn}`,
    now,
    signal,
    (each) => resolver.forward(asked.fqdn, each),
    until,
  );
  return { ...asked, answer };
}
