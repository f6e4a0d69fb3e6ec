import pLimit from 'p-limit';
import { TruenameError } from '../../domain/error.ts';
import type { GuestRef, GuestSummary, Nic } from '../../domain/guest.ts';
import { hostKeyAlias } from '../../domain/host-key.ts';
import { type Mac, parseMac } from '../../domain/mac.ts';
import { sameName } from '../../domain/name.ts';
import type { OwnReservation } from '../../domain/reservation.ts';
import { segmentOf } from '../../domain/segment.ts';
import { guestFinder } from '../../observe/find-guests.ts';
import type { ViewedServer } from './look.ts';
import type { ReservationResult } from './result.ts';
import type { SeenServers, UnseenServer } from './see-servers.ts';
import type { ReserveSources } from './sources.ts';

/** A reservation of Truename's that is to be taken back. */
export interface Reserved {
  readonly guest: {
    readonly name: string;
    readonly ref?: GuestRef;
    readonly kind?: GuestSummary['kind'];
    readonly alias?: string;
  };
  readonly slot?: string;
  readonly own: OwnReservation;
  readonly server: string;
  /** What could not be seen besides. */
  readonly notes: readonly string[];
}

/** Finds the guest that a word stands for; throws `not-found` where there is none. */
export type FindGuest = ReturnType<typeof guestFinder>;

/** Guests whose configurations are read together. */
const looksAtOnce = 8;

/** What was found for the words of a command line. */
export interface FoundReserved {
  readonly reserved: readonly Reserved[];
  /** Guests for which Truename reserved nothing, and whose servers could not be looked at. */
  readonly settled: readonly ReservationResult[];
}

/** What was found for one guest, or for one word. */
interface Found {
  readonly reserved: readonly Reserved[];
  /** Servers that could not be looked at and may hold more of it. */
  readonly refused: readonly ReservationResult[];
}

/**
 * Truename's reservations of the guests that the words stand for, each once; a word that names no guest may name a
 * reservation whose guest is gone. Throws `not-found` where it names neither, and `vm-name-differs` where a guest that is
 * called otherwise by now bears the MAC address.
 */
export async function findReserved(
  request: {
    readonly words: readonly string[];
    readonly guests: readonly GuestSummary[];
    readonly inventory: readonly GuestSummary[];
    readonly slot?: string;
  },
  sources: ReserveSources,
  seen: SeenServers,
  signal: AbortSignal,
): Promise<FoundReserved> {
  const reserved: Reserved[] = [];
  const settled: ReservationResult[] = [];
  const add = ({ reserved: found, refused }: Found) => {
    for (const each of found)
      if (!reserved.some((one) => one.server === each.server && one.own === each.own)) reserved.push(each);
    for (const each of refused)
      if (!settled.some((one) => one.server === each.server && one.name === each.name)) settled.push(each);
  };
  const find = guestFinder(sources, request.inventory, signal);
  for (const word of request.words) {
    const guest = await guestOf(find, word);
    if (guest instanceof TruenameError) add(await leftovers(word, seen, guest, find));
    else {
      const found = await ofGuest(request, sources, guest, seen, signal);
      const { unseen } = seen;
      if (found.reserved.length > 0 || found.refused.length > 0) add(found);
      else if (unseen.length === 0) settled.push(nothingFor(guest, seen.closed));
      else add({ ...found, refused: unseen.map((each) => notSeen(each, guestTold(guest))) });
    }
  }
  const limit = pLimit(looksAtOnce);
  const filtered = await Promise.all(
    request.guests.map((guest) => limit(() => ofGuest(request, sources, guest, seen, signal))),
  );
  for (const each of filtered) add(each);
  return { reserved, settled };
}

/** The guest, or the error that says that there is none; throws where nobody could look. */
async function guestOf(find: FindGuest, word: string): Promise<GuestSummary | TruenameError> {
  try {
    return await find(word);
  } catch (error) {
    if (error instanceof TruenameError && error.code === 'not-found') return error;
    throw error;
  }
}

/** A server that could not be looked at and serves a segment of the guest holds it back; of any other it is only said. */
async function ofGuest(
  { slot }: { readonly slot?: string },
  { hypervisor, segments }: ReserveSources,
  guest: GuestSummary,
  { views, unseen }: SeenServers,
  signal: AbortSignal,
): Promise<Found> {
  const { nics, uuid, name } = await hypervisor.configuration(guest, signal);
  const asked = nics.filter((nic) => slot === undefined || nic.slot === slot);
  const alias = hostKeyAlias(guest.ref.vmid, uuid ?? nics[0]?.mac ?? '');
  const serves = (nic: Nic, { id }: UnseenServer) => segmentOf(nic, segments)?.dhcpServer === id;
  const notes = unseen.filter((each) => !asked.some((nic) => serves(nic, each))).map(whyNotSeen);
  const reserved = asked.flatMap((nic) =>
    ownOf(views, (own) => own.mac === nic.mac).map((found) => ({
      ...found,
      notes,
      slot: nic.slot,
      guest: { name, ref: guest.ref, kind: guest.kind, alias },
    })),
  );
  const refused = asked.flatMap((nic) =>
    unseen
      .filter((each) => serves(nic, each))
      .map((each) => notSeen(each, { ...guestTold(guest), slot: nic.slot, mac: nic.mac })),
  );
  return { reserved, refused };
}

/** What Truename reserved under this name or for this MAC address, for a guest that nobody has any more. */
async function leftovers(
  word: string,
  { views, unseen }: SeenServers,
  notFound: TruenameError,
  find: FindGuest,
): Promise<Found> {
  const mac: Mac | undefined = parseMac(word);
  const found = ownOf(views, (own) => own.mac === mac || sameName(own.name, word));
  if (found.length === 0) {
    if (unseen.length === 0) throw notFound;
    const told = { name: word, ...(mac === undefined ? {} : { mac }) };
    return { reserved: [], refused: unseen.map((each) => notSeen(each, told)) };
  }
  for (const { own } of found) await mustBeGone(own, find);
  const notes = unseen.map(whyNotSeen);
  return { reserved: found.map((each) => ({ ...each, notes, guest: { name: each.own.name } })), refused: [] };
}

/**
 * Throws `vm-name-differs` where a guest bears the MAC address of a reservation of another name: it was renamed, and lives under
 * what is reserved. Throws as well where not every guest could be looked at.
 */
export async function mustBeGone(own: OwnReservation, find: FindGuest): Promise<void> {
  const bearer = await guestOf(find, own.mac);
  if (bearer instanceof TruenameError) return;
  const { ref, name } = bearer;
  const who = `${name ?? 'a guest without a name'} (${ref.vmid} on ${ref.node})`;
  throw new TruenameError('vm-name-differs', `"${own.name}" is reserved for ${own.mac}, which ${who} has`, {
    where: `${ref.node}/${ref.vmid}`,
    hint: `Name that guest: truename reserve ${ref.vmid} gives it its present name, truename release ${ref.vmid} takes back what it has.`,
  });
}

function ownOf(views: readonly ViewedServer[], holds: (own: OwnReservation) => boolean) {
  return views.flatMap(({ server, view }) =>
    view.standing.own.filter(holds).map((own) => ({ own, server: server.id })),
  );
}

function guestTold({ ref, name = String(ref.vmid) }: GuestSummary) {
  return { name, ref };
}

function nothingFor(guest: GuestSummary, closed: readonly UnseenServer[]): ReservationResult {
  const notes = closed.map(
    ({ id, error }) => `nothing can be reserved at ${id}, nor taken back: ${error.message}`,
  );
  return {
    ...guestTold(guest),
    ...{ was: null, becomes: null, notes, readBack: [] },
    outcome: 'unchanged',
    why: 'Truename reserved nothing for it',
  };
}

function whyNotSeen({ id, error }: UnseenServer): string {
  return `whether Truename reserved something for it at ${id} could not be seen: ${error.message}`;
}

function notSeen(
  server: UnseenServer,
  told: Pick<ReservationResult, 'name' | 'ref' | 'slot' | 'mac'>,
): ReservationResult {
  const { id, error } = server;
  const why = whyNotSeen(server);
  const { code, where = id, hint } = error;
  const rest = { was: null, becomes: null, notes: [], readBack: [] };
  return {
    ...told,
    ...rest,
    server: id,
    outcome: 'refused',
    why,
    error: new TruenameError(code, why, { where, ...(hint === undefined ? {} : { hint }), cause: error }),
  };
}
