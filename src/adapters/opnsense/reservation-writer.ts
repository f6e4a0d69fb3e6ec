import { createHash } from 'node:crypto';
import { SourceError } from '../../domain/error.ts';
import type { Clock, ReservationWriter, StandingReservations } from '../../domain/ports.ts';
import { type OwnReservation, type ReservationChange, sameReservation } from '../../domain/reservation.ts';
import type { DhcpBackend } from './dhcp-backend.ts';
import { restoreRows, touchedBy } from './restore-rows.ts';
import type { ConfiguredRow, RowTable } from './table.ts';
import type { Release } from './version.ts';

/** What the writer needs of its server. */
export interface OpnsenseWriterOptions {
  readonly source: string;
  /** The DHCP server that is switched on; throws where there is none that can be written. */
  readonly backend: (signal: AbortSignal) => Promise<DhcpBackend>;
  readonly release: (signal: AbortSignal) => Promise<Release | undefined>;
  readonly clock: Pick<Clock, 'elapsed'>;
}

/** What is begun is ended, whatever becomes of the run: rows that are not in force yet must not be left by an interruption. */
const endingMs = 300_000;

/**
 * Writes reservations as items of the product's configuration, and puts any number of them in force by one reconfigure, which
 * stops DHCP and DNS of the whole site for a moment. Where the service does not run with them, the rows are put back as they
 * were, and the service is told once more. Rows of others are never touched. One write at a time.
 */
export function opnsenseReservationWriter(options: OpnsenseWriterOptions): ReservationWriter {
  const { source, backend, release, clock } = options;
  let paused: number | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const oneByOne = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  async function reconfigure({ service }: DhcpBackend, signal: AbortSignal): Promise<boolean> {
    const began = clock.elapsed();
    try {
      return await service.reconfigure(signal);
    } finally {
      paused = clock.elapsed() - began;
    }
  }

  async function write(
    change: ReservationChange,
    { version }: StandingReservations,
    signal: AbortSignal,
  ): Promise<void> {
    const server = await backend(signal);
    const fieldsOf = await server.writing(change, signal);
    const before = await server.table.rows(signal);
    if (versionOf(before) !== version || change.some((each) => !stands(before, each.mac, each.was)))
      throw changed(source, server.place);
    const ending = AbortSignal.timeout(endingMs);
    const putBack = () => restoreRows(server.table, before, change, ending);
    const failure = await writeRows({ server, before, change, fieldsOf, source }, signal, ending);
    if (failure !== undefined) {
      const whole = await putBack();
      // Somebody who wrote at the same time may have put rows in force that are gone now.
      if (failure.code === 'reservations-changed') await reconfigure(server, ending);
      throw whole ? failure : notPutBack(failure, server, source);
    }
    if (await reconfigure(server, ending)) return;
    const whole = await putBack();
    throw notTaken(server, (await reconfigure(server, ending)) && whole, source);
  }

  return {
    async standing(signal) {
      const server = await backend(signal);
      const [rows, known] = await Promise.all([server.table.rows(signal), release(signal)]);
      const own = ownIn(rows);
      return {
        version: versionOf(rows),
        own: [...own.values()].flatMap((row) => row.own ?? []),
        others: rows.filter((row) => !isOwn(row, own)).flatMap(({ reservations }) => reservations),
        place: `${server.place} of ${source}`,
        ...(await server.abilities(known, signal)),
      };
    },
    reach: () => 'site',
    write: (...given) => oneByOne(() => write(...given)),
    enforce: (signal) =>
      oneByOne(async () => {
        const server = await backend(signal);
        if (!(await reconfigure(server, AbortSignal.timeout(endingMs))))
          throw notTaken(server, false, source);
      }),
    pausedMs: () => paused,
  };
}

/** Truename's row of each MAC address; of two the last one, which dnsmasq heeds. */
function ownIn(rows: readonly ConfiguredRow[]): Map<string, ConfiguredRow> {
  return new Map(rows.flatMap((row) => (row.own === undefined ? [] : [[row.own.mac, row] as const])));
}

function isOwn(row: ConfiguredRow, own: ReadonlyMap<string, ConfiguredRow>): boolean {
  return row.own !== undefined && own.get(row.own.mac) === row;
}

/** Of all that was read, so that whatever anybody changes makes it another. */
function versionOf(rows: readonly ConfiguredRow[]): string {
  const text = JSON.stringify(rows.map(({ uuid, fields }) => [uuid, fields]));
  return createHash('sha256').update(text).digest('hex');
}

function stands(rows: readonly ConfiguredRow[], mac: string, expected: OwnReservation | null): boolean {
  return sameReservation(ownIn(rows).get(mac)?.own ?? null, expected);
}

/** What writes the rows of a change. */
interface RowWrites {
  readonly server: DhcpBackend;
  readonly before: readonly ConfiguredRow[];
  readonly change: ReservationChange;
  readonly fieldsOf: (own: OwnReservation) => ConfiguredRow['fields'];
  readonly source: string;
}

/** Writes all rows, and looks whether they stand there; what went wrong, or undefined. A write that is begun is not cut short. */
async function writeRows(
  writes: RowWrites,
  signal: AbortSignal,
  ending: AbortSignal,
): Promise<SourceError | undefined> {
  const { server, before, change, fieldsOf, source } = writes;
  try {
    for (const { mac, becomes } of change) {
      signal.throwIfAborted();
      const uuid = ownIn(before).get(mac)?.uuid;
      if (becomes !== null) await put(server.table, uuid, fieldsOf(becomes), ending);
      else if (uuid !== undefined) await server.table.remove(uuid, ending);
    }
    await mustBeAsWritten(writes, ending);
    return undefined;
  } catch (error) {
    if (error instanceof SourceError) return error;
    if (!signal.aborted) return new SourceError('internal', source, String(error), { cause: error });
    return new SourceError('cancelled', source, 'interrupted; what was written is taken back', {
      cause: error,
    });
  }
}

async function put(
  table: RowTable,
  uuid: string | undefined,
  fields: ConfiguredRow['fields'],
  signal: AbortSignal,
): Promise<void> {
  if (uuid === undefined) await table.add(fields, signal);
  else await table.set(uuid, fields, signal);
}

/** What was sent is what stands there, and nothing else changed: writes of others cannot be kept out over this API. */
async function mustBeAsWritten(
  { server, before, change, source }: RowWrites,
  signal: AbortSignal,
): Promise<void> {
  const now = await server.table.rows(signal);
  const theirs = (rows: readonly ConfiguredRow[]) => rows.filter((row) => !touchedBy(change, row));
  if (versionOf(theirs(now)) !== versionOf(theirs(before))) throw changed(source, server.place);
  const lost = change.find(({ mac, becomes }) => !stands(now, mac, becomes));
  if (lost !== undefined)
    throw new SourceError('command-failed', source, `it did not keep what was written for ${lost.mac}`);
}

function changed(source: string, place: string): SourceError {
  return new SourceError('reservations-changed', source, `somebody changed ${place} meanwhile`, {
    hint: 'Run the command again: it looks at what stands there now.',
  });
}

function notPutBack(error: SourceError, { place, service }: DhcpBackend, source: string): SourceError {
  return new SourceError(
    error.code,
    source,
    `${error.message}; AND WHAT WAS WRITTEN COULD NOT BE TAKEN BACK`,
    {
      hint: `Look at ${place} for rows that Truename marked. They are in force once ${service.name} is told; run the command again when the firewall answers.`,
      cause: error,
    },
  );
}

function notTaken({ service, place }: DhcpBackend, runs: boolean, source: string): SourceError {
  const { name } = service;
  const end = runs
    ? `it was taken back, and ${name} runs again`
    : `AND IT STILL DOES NOT RUN: nobody there gets an address now`;
  return new SourceError(
    'reservation-not-taken',
    source,
    `${name} does not run with what stands there; ${end}`,
    {
      hint: runs
        ? `Look at the log of ${name} there for what it refused.`
        : `Go to the firewall now: look at the log of ${name}, mend ${place}, and start it.`,
    },
  );
}
