import type { TruenameError } from '../domain/error.ts';
import { leasesExitCodes } from '../domain/exit-code.ts';
import { seenValue } from '../domain/observation.ts';
import {
  type FoundLease,
  type LeaseQuery,
  type LeaseRemark,
  macOf,
  type ServerLeases,
  searchLeases,
} from '../observe/search-leases.ts';
import { type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/leases-report.md. */
export interface LeasesReport {
  readonly schema: 'truename/leases/1';
  readonly exitCode: number;
  readonly servers: readonly {
    readonly id: string;
    readonly segments: readonly string[];
    readonly readAt: string | null;
    readonly writtenAt: string | null;
    /** Leases in the table, ended ones among them; null where it could not be read. */
    readonly total: number | null;
    readonly error: { readonly code: string; readonly message: string } | null;
  }[];
  readonly leases: readonly ReportedLease[];
  readonly error: ReportedError | null;
}

/** One lease that was asked for. */
export interface ReportedLease {
  readonly server: string;
  readonly segments: readonly string[];
  readonly family: 4 | 6;
  readonly address: string;
  readonly mac: string | null;
  readonly name: string | null;
  readonly clientId: string | null;
  readonly duid: string | null;
  readonly expiresAt: string | null;
  readonly living: boolean;
  readonly remarks: readonly LeaseRemark[];
}

/** What was read and found, or why nothing was. */
export function leasesReport(
  read: readonly ServerLeases[],
  query: LeaseQuery,
  error: TruenameError | undefined,
): LeasesReport {
  return {
    schema: 'truename/leases/1',
    exitCode: leasesExitCodes[endingOf(read, error)].code,
    servers: read.map(serverOf),
    leases: searchLeases(read, query).map(leaseOf),
    error: reportedError(error),
  };
}

function endingOf(
  read: readonly ServerLeases[],
  error: TruenameError | undefined,
): keyof typeof leasesExitCodes {
  if (error !== undefined)
    return error.code === 'usage' || error.code === 'configuration-invalid' ? 'usage' : 'failed';
  const unread = read.filter(({ table }) => table.seen !== 'value').length;
  if (unread === 0) return 'read';
  return unread === read.length ? 'failed' : 'partly';
}

function serverOf({ server, segments, table }: ServerLeases): LeasesReport['servers'][number] {
  const seen = seenValue(table);
  return {
    id: server,
    segments: segments.map(({ name }) => name),
    readAt: seen?.readAt ?? null,
    writtenAt: seen?.writtenAt ?? null,
    total: seen === undefined ? null : seen.leases.length + (seen.leases6?.length ?? 0),
    error: table.seen === 'not-observable' ? { code: table.code, message: table.why } : null,
  };
}

function leaseOf({ server, segments, lease, living, remarks }: FoundLease): ReportedLease {
  const four = 'mac' in lease;
  return {
    server,
    segments,
    family: four ? 4 : 6,
    address: lease.address,
    mac: macOf(lease) ?? null,
    name: lease.name ?? null,
    clientId: four ? (lease.clientId ?? null) : null,
    duid: four ? null : (lease.duid ?? null),
    expiresAt: lease.expiresAt ?? null,
    living,
    remarks,
  };
}
