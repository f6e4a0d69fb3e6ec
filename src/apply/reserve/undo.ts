import { asTruenameError, TruenameError } from '../../domain/error.ts';
import type { JournalledRun, JournalledWrite, ReservationWrite } from '../../domain/journal.ts';
import { livingLeases } from '../../domain/lease.ts';
import { sameName } from '../../domain/name.ts';
import {
  type OwnReservation,
  type ReservationDifference,
  sameReservation,
} from '../../domain/reservation.ts';
import type { Segment } from '../../domain/segment.ts';
import { clashOf, type ServerView } from '../../plan/reservation-clash.ts';
import type { UndoneGuest, UndoneWrite } from '../undo.ts';
import { lockServers } from './lock-servers.ts';
import { viewServer, writerOf } from './look.ts';
import { notTaken, readBack } from './read-back.ts';
import { wasOf, wroteOf } from './settle.ts';
import type { ReserveMemory, ReserveSources } from './sources.ts';

/** A write of a reservation, as the journal has it. */
type ReservationEntry = JournalledWrite & { readonly write: ReservationWrite };

/** One write, and what is to be done about it. */
interface Verdict {
  readonly entry: ReservationEntry;
  readonly result: UndoneWrite['result'];
  /** What is still to be written for it. */
  readonly difference?: ReservationDifference;
  readonly error?: TruenameError;
}

/** Takes back what a run reserved, or reserves again what it released, where it still stands: one write at each server. */
export async function undoReservations(
  { run, writes }: JournalledRun,
  sources: ReserveSources,
  signal: AbortSignal,
): Promise<UndoneGuest[]> {
  const entries = writes
    .filter((each): each is ReservationEntry => each.write.kind === 'reservation')
    .reverse();
  const ids = [...new Set(entries.map(({ write }) => write.server))].sort();
  const locks = await lockServers(sources, ids);
  try {
    const verdicts: Verdict[] = [];
    for (const id of ids) {
      const mine = entries.filter(({ write }) => write.server === id);
      verdicts.push(...(await undoAt(run, id, mine, sources, signal)));
    }
    return byGuest(verdicts);
  } finally {
    await locks.release();
  }
}

async function undoAt(
  run: string,
  id: string,
  entries: readonly ReservationEntry[],
  sources: ReserveSources,
  signal: AbortSignal,
): Promise<Verdict[]> {
  try {
    const server = sources.dhcpServer(id);
    const view = await viewServer(server, signal);
    const segments = sources.segments.filter(({ dhcpServer }) => dhcpServer === id);
    const verdicts = entries.map((entry) => verdictOn(entry, view, segments));
    const { memory } = sources;
    if (memory === undefined) return verdicts;
    const change = verdicts.flatMap(({ difference }) => difference ?? []);
    if (change.length > 0) await writerOf(server).write(change, view.standing, signal);
    const expected = change.map((difference) => ({ difference, fqdn: undefined, resolvers: [] }));
    const links = change.length === 0 ? [] : await readBack(sources, server, expected, {}, signal);
    const failed = links.map(notTaken).find((each) => each !== undefined);
    if (failed !== undefined) throw new TruenameError('reservation-not-taken', failed.because, { where: id });
    return await remember(run, verdicts, memory);
  } catch (error) {
    signal.throwIfAborted();
    const known = asTruenameError(error);
    return entries.map((entry) => ({ entry, result: 'would-restore', error: known }));
  }
}

function verdictOn(entry: ReservationEntry, view: ServerView, segments: readonly Segment[]): Verdict {
  const { write, undoneBy } = entry;
  if (undoneBy !== undefined) return { entry, result: 'before' };
  const stands = view.standing.own.find(({ mac }) => mac === write.mac) ?? null;
  const [was, wrote] = [wasOf(write), wroteOf(write)];
  if (sameReservation(stands, was)) return { entry, result: 'gone' };
  if (!sameReservation(stands, wrote)) return { entry, result: 'changed' };
  const why = was === null ? undefined : obstacle(was, view, segments);
  if (why !== undefined) {
    const error = new TruenameError('reservation-conflict', why, { where: write.server });
    return { entry, result: 'changed', error };
  }
  return { entry, result: 'would-restore', difference: { mac: write.mac, was: stands, becomes: was } };
}

/** What was free then may be another machine's by now. */
function obstacle(was: OwnReservation, view: ServerView, segments: readonly Segment[]): string | undefined {
  const holder = livingLeases(view.leases).find(
    ({ mac, name }) => mac !== was.mac && sameName(name, was.name),
  );
  if (holder !== undefined) return `the lease of ${holder.address} (${holder.mac}) bears ${was.name} by now`;
  const clashes = segments.map((segment) => clashOf(was, view, segment));
  return clashes.some((clash) => clash === undefined) ? undefined : clashes[0]?.why;
}

async function remember(
  run: string,
  verdicts: readonly Verdict[],
  { journal }: ReserveMemory,
): Promise<Verdict[]> {
  const told: Verdict[] = [];
  for (const { difference, ...verdict } of verdicts) {
    const result = difference === undefined ? verdict.result : 'restored';
    if (result === 'restored' || result === 'gone') await journal.undone(run, verdict.entry.number);
    told.push({ ...verdict, result });
  }
  return told;
}

function byGuest(verdicts: readonly Verdict[]): UndoneGuest[] {
  const aliases = [...new Set(verdicts.map(({ entry }) => entry.guest.alias))];
  return aliases.flatMap((alias) => {
    const mine = verdicts.filter(({ entry }) => entry.guest.alias === alias);
    const [first] = mine;
    if (first === undefined) return [];
    const error = mine.find((each) => each.error !== undefined)?.error;
    const writes = mine
      .filter((each) => each.error === undefined)
      .map(({ entry, result }) => ({ write: entry, result }));
    return [{ guest: first.entry.guest, writes, ...(error === undefined ? {} : { error }) }];
  });
}
