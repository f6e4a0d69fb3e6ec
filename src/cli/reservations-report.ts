import type {
  ReadBack,
  ReservationOutcome,
  ReservationResult,
  ReservationRun,
} from '../apply/reserve/result.ts';
import type { TruenameError } from '../domain/error.ts';
import { type FixEnding, reservationExitCodes } from '../domain/exit-code.ts';
import type { Reach } from '../domain/remedy.ts';
import type { OwnReservation } from '../domain/reservation.ts';
import { isUsage, type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/reservations-report.md. */
export interface ReservationsReport {
  readonly schema: 'truename/reservations/1';
  readonly command: 'reserve' | 'release';
  /** What `truename undo` takes; null where nothing was written. */
  readonly run: string | null;
  readonly dryRun: boolean;
  readonly exitCode: number;
  readonly servers: readonly {
    readonly id: string;
    readonly place: string;
    readonly reach: Reach | null;
    readonly lastPauseSeconds: number | null;
    readonly writes: number;
  }[];
  readonly guests: readonly ReportedReservation[];
  readonly error: ReportedError | null;
}

/** One guest, or a reservation whose guest is gone. */
export interface ReportedReservation {
  readonly name: string;
  readonly node: string | null;
  readonly vmid: number | null;
  readonly nic: string | null;
  readonly mac: string | null;
  readonly server: string | null;
  readonly was: { readonly name: string; readonly address: string | null } | null;
  readonly becomes: { readonly name: string; readonly address: string | null } | null;
  readonly outcome: ReservationOutcome;
  readonly why: string;
  readonly notes: readonly string[];
  readonly readBack: readonly {
    readonly link: ReadBack['link'];
    readonly of: string | null;
    readonly state: ReadBack['state'];
    readonly because: string;
    readonly at: string;
  }[];
  readonly error: ReportedError | null;
}

/** What was reserved or released, or why nothing was. */
export function reservationsReport(
  command: ReservationsReport['command'],
  run: ReservationRun | undefined,
  error: TruenameError | undefined,
): ReservationsReport {
  const wrote = run?.servers.some(({ writes }) => writes > 0) === true;
  return {
    schema: 'truename/reservations/1',
    command,
    run: wrote ? run.run : null,
    dryRun: run?.dryRun ?? false,
    exitCode: reservationExitCodes[endingOf(run, error)].code,
    servers:
      run?.servers.map(({ lastPauseSeconds = null, ...server }) => ({ ...server, lastPauseSeconds })) ?? [],
    guests: run?.results.map(guestReport) ?? [],
    error: reportedError(error),
  };
}

function endingOf(run: ReservationRun | undefined, error: TruenameError | undefined): FixEnding {
  if (error !== undefined) return isUsage(error) ? 'usage' : 'failed';
  const outcomes = run?.results.map(({ outcome }) => outcome) ?? [];
  if (outcomes.some((each) => each === 'failed' || each === 'refused')) return 'failed';
  return outcomes.includes('not-proven') ? 'not-proven' : 'proven';
}

function guestReport(result: ReservationResult): ReportedReservation {
  const { name, ref, slot, mac, server, was, becomes, outcome, why, notes, readBack } = result;
  return {
    name,
    node: ref?.node ?? null,
    vmid: ref?.vmid ?? null,
    nic: slot ?? null,
    mac: mac ?? null,
    server: server ?? null,
    was: reserved(was),
    becomes: reserved(becomes),
    outcome,
    why,
    notes,
    readBack: readBack.map(({ link, of, state, because, at }) => ({
      link,
      of: of ?? null,
      state,
      because,
      at,
    })),
    error: reportedError(result.error),
  };
}

function reserved(as: OwnReservation | null): ReportedReservation['was'] {
  return as === null ? null : { name: as.name, address: as.address ?? null };
}
