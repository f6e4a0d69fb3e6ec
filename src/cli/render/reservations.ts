import type { ReadBack, ReservationOutcome } from '../../apply/reserve/result.ts';
import type { TruenameError } from '../../domain/error.ts';
import type { ReportedReservation, ReservationsReport } from '../reservations-report.ts';
import { renderError } from './error.ts';
import { headingIn, hintLines } from './guest-lines.ts';
import { plainLine } from './plain-text.ts';

const marks: Readonly<Record<ReservationOutcome, string>> = {
  failed: '✗ failed',
  refused: '✗ refused',
  'not-proven': '! not proven',
  reserved: '✓ reserved',
  released: '✓ released',
  planned: '→ planned',
  unchanged: '· unchanged',
};

const linkMarks: Readonly<Record<ReadBack['state'], string>> = {
  proven: '✓',
  refuted: '✗',
  'not-observable': '?',
  pending: '…',
};

/** The report for people: each guest with what was read back, then how it ends. */
export function renderReservations(
  report: ReservationsReport,
  error: TruenameError | undefined,
  colour: boolean,
): string[] {
  const bold = headingIn(colour);
  return [
    ...report.guests.flatMap((guest) => guestLines(guest, bold)),
    ...report.servers.map(serverLine),
    ...(report.run === null ? [] : [plainLine(`truename undo ${report.run} takes this run back.`)]),
    ...(error === undefined ? [] : renderError(error)),
  ];
}

function guestLines(guest: ReportedReservation, bold: (text: string) => string): string[] {
  const { name, vmid, node, nic, mac, outcome, why, notes, readBack, error } = guest;
  const where = vmid === null ? 'no guest any more' : `${vmid} on ${node}`;
  const at = mac === null ? '' : `, ${[nic, mac].filter((each) => each !== null).join(' ')}`;
  return [
    bold(plainLine(`${name || '(no name)'} (${where}${at}):`)),
    plainLine(`  ${marks[outcome]}: ${said(guest)}${why}`),
    ...notes.map((note) => plainLine(`  ! ${note}`)),
    ...readBack.map(({ link, of, state, because }) =>
      plainLine(`  ${linkMarks[state]} ${link}${of === null ? '' : ` at ${of}`}: ${because}`),
    ),
    ...hintLines(error),
  ];
}

function said({ was, becomes, outcome }: ReportedReservation): string {
  const shown = becomes ?? was;
  if (shown === null || outcome === 'refused') return '';
  return `${shown.name}${shown.address === null ? '' : ` at ${shown.address}`}; `;
}

function serverLine({
  id,
  place,
  reach,
  lastPauseSeconds: last,
  writes,
}: ReservationsReport['servers'][number]): string {
  const before = last === null ? '' : `; the write before kept it from answering for ${last} s`;
  const felt =
    reach === null || reach === 'guest' ? 'nobody else feels it' : `felt by the whole ${reach}${before}`;
  if (reach === null) return plainLine(`${id}: nothing to write to ${place}.`);
  const written =
    writes === 0 ? 'nothing was written yet' : `written ${writes === 1 ? 'once' : `${writes} times`}`;
  return plainLine(`${id}: ${place}, ${written}; ${felt}.`);
}
