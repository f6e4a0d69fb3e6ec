import { ownReservations } from '../../apply/reserve/own-reservations.ts';
import { mustBeGone } from '../../apply/reserve/reserved.ts';
import type { ReserveSources } from '../../apply/reserve/sources.ts';
import { TruenameError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { GuestMaker, StandingGuest } from '../../domain/guest-maker.ts';
import type { Mac } from '../../domain/mac.ts';
import { sameName } from '../../domain/name.ts';
import type { OwnReservation } from '../../domain/reservation.ts';
import { guestFinder } from '../../observe/find-guests.ts';
import { ignoreTag } from '../../plan/spare.ts';
import type { RemoveRequest } from './request.ts';

/** Something that may be taken away. */
export interface Removable {
  readonly name: string;
  /** Absent where only its reservation is left. */
  readonly standing?: StandingGuest;
  /** MAC addresses of it that Truename reserved. */
  readonly macs: readonly Mac[];
}

/** Where is looked, and by whom VMs are taken away. */
export interface RemoveWork {
  readonly request: RemoveRequest;
  readonly sources: ReserveSources;
  readonly maker: GuestMaker;
  readonly signal: AbortSignal;
}

/**
 * What each word stands for: a VM with what is reserved for it, or a reservation whose guest is gone. Each promise throws for
 * whatever must not be taken away unasked, and where it could not be looked at.
 */
export async function removableFinder(work: RemoveWork): Promise<(word: string) => Promise<Removable>> {
  const { request, sources, signal } = work;
  const find = guestFinder(sources, request.inventory, signal);
  const own = await ownReservations(sources, signal);
  return async (word) => {
    const guest = await find(word).catch((error: unknown) => {
      if (error instanceof TruenameError && error.code === 'not-found') return undefined;
      throw error;
    });
    if (guest === undefined) return leftOver(word, own, sources, find);
    const standing = await mayGo(work, guest);
    const macs = own.map(({ mac }) => mac).filter((mac) => standing.nics.some((nic) => nic.mac === mac));
    for (const mac of macs) await mustBeAlone(mac, find);
    return { name: standing.name, standing, macs: [...new Set(macs)] };
  };
}

/** Throws `guest-ambiguous` where another guest has the MAC address too: it lives under what is reserved for it. */
async function mustBeAlone(mac: Mac, find: ReturnType<typeof guestFinder>): Promise<void> {
  await find(mac).catch((error: unknown) => {
    if (!(error instanceof TruenameError) || error.code !== 'guest-ambiguous') throw error;
    throw new TruenameError(
      error.code,
      `several guests have the MAC address that is reserved: ${error.message}`,
      {
        where: mac,
        hint: 'Give the one that stays another MAC address first.',
        cause: error,
      },
    );
  });
}

/** A reservation whose guest is gone, as where an earlier run was interrupted. */
async function leftOver(
  word: string,
  own: readonly OwnReservation[],
  { hypervisor }: ReserveSources,
  find: ReturnType<typeof guestFinder>,
): Promise<Removable> {
  const left = own.filter(({ name }) => sameName(name, word));
  if (left.length === 0) {
    throw new TruenameError(
      'not-found',
      `no guest that this login can see is ${word}, and nothing is reserved for it`,
      { where: hypervisor.id },
    );
  }
  for (const each of left) await mustBeGone(each, find);
  return { name: word, macs: [...new Set(left.map(({ mac }) => mac))] };
}

/** Throws for whatever must not be taken away unasked. */
async function mayGo(
  { request, maker, signal, sources }: RemoveWork,
  guest: GuestSummary,
): Promise<StandingGuest> {
  const where = `${guest.ref.node}/${guest.ref.vmid}`;
  const called = guest.name ?? String(guest.ref.vmid);
  if (guest.kind === 'container')
    throw new TruenameError('unsupported', `${called} is a container, and only VMs are taken away`, {
      where,
    });
  if (guest.template) throw new TruenameError('vm-is-template', `${called} is a template`, { where });
  if (guest.tags.includes(ignoreTag))
    throw new TruenameError('name-refused', `${called} bears the tag ${ignoreTag}`, { where });
  const now = await sources.hypervisor.find(guest.ref.vmid, signal);
  if (now?.power !== 'stopped' && !request.stop) {
    throw new TruenameError('guest-on', `${called} is ${now?.power ?? 'not seen to be off'}`, {
      where,
      hint: 'Switch it off first; or add --stop.',
    });
  }
  const standing = await maker.standing(guest.ref, signal);
  if (!standing.template) return standing;
  throw new TruenameError('vm-is-template', `${called} is a template`, { where });
}
