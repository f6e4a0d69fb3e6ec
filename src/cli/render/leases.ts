import type { TruenameError } from '../../domain/error.ts';
import type { LeaseRemark } from '../../observe/search-leases.ts';
import type { LeasesReport, ReportedLease } from '../leases-report.ts';
import { renderError } from './error.ts';
import { headingIn } from './guest-lines.ts';
import { plainLine } from './plain-text.ts';

const remarks: Readonly<Record<LeaseRemark, string>> = {
  'on-several-servers': 'its MAC address holds a lease at another server too',
  'name-held-twice': 'another MAC address holds this name in the same domain',
  'outside-segments': 'its address lies in no segment of this server',
};

/** How a lease without a name is shown: as dnsmasq writes it. */
const nameless = '*';

/** The report for people: a table of the leases, then what is odd, then what could not be read. */
export function renderLeases(
  report: LeasesReport,
  error: TruenameError | undefined,
  colour: boolean,
): string[] {
  const bold = headingIn(colour);
  const head = ['NAME', 'ADDRESS', 'MAC', 'SERVER', 'UNTIL'];
  const rows = report.leases.map(rowOf);
  const [first, ...others] = aligned([head, ...rows]);
  const unread = report.servers.flatMap(({ id, error: why }) =>
    why === null ? [] : [`? ${plainLine(id)} could not be read: ${plainLine(why.message)}`],
  );
  return [
    ...(rows.length === 0 ? [] : [bold(first ?? ''), ...others]),
    ...report.leases.flatMap(oddities),
    ...unread,
    ...(error === undefined ? [countOf(report, unread.length > 0)] : renderError(error)),
  ];
}

function rowOf(lease: ReportedLease): string[] {
  const until = lease.expiresAt ?? 'for ever';
  const name = lease.name ?? nameless;
  const cells = [name, lease.address, lease.mac ?? lease.duid ?? nameless, lease.server];
  return [...cells, lease.living ? until : `ended ${until}`].map(plainLine);
}

/** Columns of equal width, two blanks between them; the last is as long as it is. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  '),
  );
}

function oddities(lease: ReportedLease): string[] {
  const whose = plainLine(`${lease.name ?? nameless} (${lease.address} at ${lease.server})`);
  return lease.remarks.map((remark) => `! ${whose}: ${remarks[remark]}`);
}

/** How many were found, and among how many; a server that could not be read may hold more. */
function countOf(report: LeasesReport, partly: boolean): string {
  const total = report.servers.reduce((sum, each) => sum + (each.total ?? 0), 0);
  const names = report.servers.flatMap(({ id, error }) => (error === null ? [id] : []));
  if (names.length === 0) return 'No server could be read.';
  const among = `${total} ${total === 1 ? 'lease' : 'leases'} of ${plainLine(names.join(', '))}`;
  const shown = report.leases.length === total ? among : `${report.leases.length} of ${among}`;
  return partly ? `${shown}; what could not be read may hold more.` : `${shown}.`;
}
