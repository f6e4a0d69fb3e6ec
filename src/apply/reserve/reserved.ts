import pLimit from 'p-limit';
import { TruenameError } from '../../domain/error.ts';
import type { GuestRef, GuestSummary } from '../../domain/guest.ts';
import { hostKeyAlias } from '../../domain/host-key.ts';
import { type Mac, parseMac } from '../../domain/mac.ts';
import { sameName } from '../../domain/name.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import type { OwnReservation } from '../../domain/reservation.ts';
import { guestFinder } from '../../observe/find-guests.ts';
import { type ViewedServer, viewServers } from './look.ts';
import type { ReservationResult } from './result.ts';
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
}

/** Finds the guest that a word stands for; throws `not-found` where there is none. */
export type FindGuest = ReturnType<typeof guestFinder>;

/** Guests whose configurations are read together. */
const looksAtOnce = 8;

/** What was found for the words of a command line. */
export interface FoundReserved {
  readonly views: readonly ViewedServer[];
  readonly reserved: readonly Reserved[];
  /** Guests for which Truename reserved nothing. */
  readonly without: readonly ReservationResult[];
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
  servers: readonly DhcpServer[],
  signal: AbortSignal,
): Promise<FoundReserved> {
  const views = await viewServers(servers, signal);
  const reserved: Reserved[] = [];
  const without: ReservationResult[] = [];
  const isNew = ({ own, server }: Reserved) =>
    !reserved.some((one) => one.server === server && one.own === own);
  const add = (found: readonly Reserved[]) => {
    for (const each of found) if (isNew(each)) reserved.push(each);
  };
  const find = guestFinder(sources, request.inventory, signal);
  for (const word of request.words) {
    const found = await guestOf(find, word);
    const each =
      found instanceof TruenameError
        ? await leftovers(word, views, found, find)
        : await ofGuest(request, sources, found, views, signal);
    if (each.length === 0 && !(found instanceof TruenameError)) without.push(nothingFor(found));
    add(each);
  }
  const limit = pLimit(looksAtOnce);
  const filtered = await Promise.all(
    request.guests.map((guest) => limit(() => ofGuest(request, sources, guest, views, signal))),
  );
  add(filtered.flat());
  return { views, reserved, without };
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

async function ofGuest(
  { slot }: { readonly slot?: string },
  { hypervisor }: ReserveSources,
  guest: GuestSummary,
  views: readonly ViewedServer[],
  signal: AbortSignal,
): Promise<Reserved[]> {
  const { nics, uuid, name } = await hypervisor.configuration(guest, signal);
  const asked = nics.filter((nic) => slot === undefined || nic.slot === slot);
  const alias = hostKeyAlias(guest.ref.vmid, uuid ?? nics[0]?.mac ?? '');
  return asked.flatMap((nic) =>
    ownOf(views, (own) => own.mac === nic.mac).map((found) => ({
      ...found,
      slot: nic.slot,
      guest: { name, ref: guest.ref, kind: guest.kind, alias },
    })),
  );
}

/** What Truename reserved under this name or for this MAC address, for a guest that nobody has any more. */
async function leftovers(
  word: string,
  views: readonly ViewedServer[],
  notFound: TruenameError,
  find: FindGuest,
): Promise<Reserved[]> {
  const mac: Mac | undefined = parseMac(word);
  const found = ownOf(views, (own) => own.mac === mac || sameName(own.name, word));
  if (found.length === 0) throw notFound;
  for (const { own } of found) await mustBeGone(own, find);
  return found.map((each) => ({ ...each, guest: { name: each.own.name } }));
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

function nothingFor({ ref, name = String(ref.vmid) }: GuestSummary): ReservationResult {
  const told = { name, ref, was: null, becomes: null, notes: [], readBack: [] };
  return { ...told, outcome: 'unchanged', why: 'Truename reserved nothing for it' };
}
