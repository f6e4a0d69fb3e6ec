import { asTruenameError, TruenameError } from '../../domain/error.ts';
import type { JournalledGuest, ReservationWrite, ReservedAs } from '../../domain/journal.ts';
import { leasesOf } from '../../domain/lease.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import {
  inverseOf,
  type OwnReservation,
  type ReservationDifference,
  sameReservation,
} from '../../domain/reservation.ts';
import type { ServerView } from '../../plan/reservation-clash.ts';
import { writerOf } from './look.ts';
import { type Expected, notTaken, readBack } from './read-back.ts';
import type { ReadBack } from './result.ts';
import type { ReserveMemory, ReserveSources } from './sources.ts';
import { hintTakenBack, sayingTakenBack, type TakenBack, takeBack } from './take-back.ts';

/** One difference, and whose it is. */
export interface Writing extends Expected {
  readonly guest: JournalledGuest;
}

/** What came of one. */
export interface Written {
  readonly readBack: readonly ReadBack[];
  /** The server did not take it, and it was taken back. */
  readonly error?: TruenameError;
}

/** What came of all, one for each in their order. */
export interface WrittenAll {
  readonly written: readonly Written[];
  /** How often the server was written to. */
  readonly writes: number;
}

/**
 * Writes all differences at once, and reads each back; what the server did not take is taken back in one further write.
 * The journal is told before and after. Throws where nothing was written, or where nobody could see whether it was.
 */
export async function writeAll(
  sources: ReserveSources,
  memory: ReserveMemory,
  server: DhcpServer,
  view: ServerView,
  writings: readonly Writing[],
  signal: AbortSignal,
): Promise<WrittenAll> {
  const numbers = await writeJournalled(memory, server, view, writings, signal);
  const seen = await readBack(sources, server, writings, {}, signal);
  const change = writings
    .filter((_, index) => notTaken(seen[index] ?? []))
    .map(({ difference }) => difference);
  const back = change.length === 0 ? undefined : await takeBack(sources, server, inverseOf(change), signal);
  const written: Written[] = [];
  for (const [index, links] of seen.entries()) {
    const refused = notTaken(links);
    await settle(memory, numbers[index] as number, links, back?.failure === undefined);
    if (refused !== undefined && back !== undefined)
      written.push({ readBack: links, error: notTakenError(server.id, refused, back) });
    else written.push({ readBack: back === undefined ? links : livingNow(links, back.life) });
  }
  return { written, writes: change.length === 0 ? 1 : 2 };
}

/** What stands is of no use where the server did not come through the taking back of the rest. */
function livingNow(links: readonly ReadBack[], life: ReadBack): ReadBack[] {
  return links.map((each) => (each.link === 'server' ? life : each));
}

/** Tells the journal, then the server; the numbers that the journal gave. */
async function writeJournalled(
  { journal }: ReserveMemory,
  server: DhcpServer,
  view: ServerView,
  writings: readonly Writing[],
  signal: AbortSignal,
): Promise<number[]> {
  const numbers: number[] = [];
  for (const { guest, difference } of writings)
    numbers.push(await journal.writing(guest, journalledAs(server.id, difference, view)));
  const change = writings.map(({ difference }) => difference);
  try {
    await writerOf(server).write(change, view.standing, signal);
  } catch (error) {
    if (await standsNow(server, change, error, signal)) return numbers;
    for (const number of numbers) await journal.undone(journal.run, number);
    throw error;
  }
  return numbers;
}

/** The journal says what was seen: that it stands, or was taken back; where neither was, the next run looks again. */
async function settle(
  { journal }: ReserveMemory,
  number: number,
  links: readonly ReadBack[],
  tookBack: boolean,
): Promise<void> {
  if (notTaken(links) !== undefined) {
    if (tookBack) await journal.undone(journal.run, number);
    return;
  }
  const stands = links.some(({ link, state }) => link === 'reservation' && state === 'proven');
  if (stands) await journal.written(number);
}

/** Whether a write that ended in an error was made all the same, as one whose session was lost may have been. */
async function standsNow(
  server: DhcpServer,
  change: readonly ReservationDifference[],
  error: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  const { own } = await writerOf(server)
    .standing(signal)
    .catch((unseen: unknown) => {
      throw unknownEnd(server.id, error, unseen);
    });
  return change.every(({ mac, becomes }) =>
    sameReservation(own.find((each) => each.mac === mac) ?? null, becomes),
  );
}

function unknownEnd(where: string, error: unknown, unseen: unknown): TruenameError {
  const { code, message } = asTruenameError(error);
  return new TruenameError(code, `whether it was written could not be seen: ${message}`, {
    where,
    hint: 'Run the command again when the server can be reached: it finds out, and finishes or takes back.',
    cause: unseen,
  });
}

function notTakenError(where: string, { because }: ReadBack, back: TakenBack): TruenameError {
  return new TruenameError('reservation-not-taken', `${because}; ${sayingTakenBack(back)}`, {
    where,
    hint: hintTakenBack(back, where),
  });
}

function journalledAs(
  server: string,
  difference: ReservationDifference,
  { leases }: ServerView,
): ReservationWrite {
  const { mac, was, becomes } = difference;
  return {
    kind: 'reservation',
    server,
    mac,
    was: reservedAs(was),
    wrote: reservedAs(becomes),
    leaseName: leasesOf(leases, mac)[0]?.name ?? null,
  };
}

function reservedAs(reservation: OwnReservation | null): ReservedAs | null {
  if (reservation === null) return null;
  const { mac: _, ...rest } = reservation;
  return rest;
}
