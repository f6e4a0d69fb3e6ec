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
  const back = writings.filter((_, index) => notTaken(seen[index] ?? [])).map(({ difference }) => difference);
  const failure = back.length === 0 ? undefined : await takeBack(server, back, signal);
  const written: Written[] = [];
  for (const [index, links] of seen.entries()) {
    const refused = notTaken(links);
    await settle(memory, numbers[index] as number, links, failure === undefined);
    const error = refused && notTakenError(server.id, refused, failure);
    written.push({ readBack: links, ...(error === undefined ? {} : { error }) });
  }
  return { written, writes: back.length === 0 ? 1 : 2 };
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

/** Undefined when it was taken back, and that was seen. */
async function takeBack(
  server: DhcpServer,
  change: readonly ReservationDifference[],
  signal: AbortSignal,
): Promise<TruenameError | undefined> {
  const writer = writerOf(server);
  try {
    const before = await writer.standing(signal);
    const standing = inverseOf(change).filter(
      ({ mac, was }) =>
        was === null || before.own.some((own) => own.mac === mac && sameReservation(own, was)),
    );
    if (standing.length > 0) await writer.write(standing, before, signal);
    const after = await writer.standing(signal);
    const left = change.find(
      ({ mac, was }) => !sameReservation(after.own.find((own) => own.mac === mac) ?? null, was),
    );
    return left && new TruenameError('command-failed', `the reservation of ${left.mac} still stands`);
  } catch (error) {
    signal.throwIfAborted();
    return asTruenameError(error);
  }
}

function notTakenError(
  where: string,
  { because }: ReadBack,
  failure: TruenameError | undefined,
): TruenameError {
  const back =
    failure === undefined ? 'it was taken back' : `and it could not be taken back: ${failure.message}`;
  return new TruenameError('reservation-not-taken', `${because}; ${back}`, {
    where,
    hint: 'Look at the log of the server for the lines of Truename’s file.',
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
