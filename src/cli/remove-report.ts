import type { TruenameError } from '../domain/error.ts';
import { type FixEnding, removeExitCodes } from '../domain/exit-code.ts';
import type { RemoveResult } from '../provision/remove/request.ts';
import { isUsage, type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/remove-report.md. */
export interface RemoveReport {
  readonly schema: 'truename/remove/1';
  readonly dryRun: boolean;
  readonly exitCode: number;
  readonly guests: readonly {
    readonly name: string;
    readonly node: string | null;
    readonly vmid: number | null;
    readonly outcome: RemoveResult['outcome'];
    readonly why: string;
    readonly reservations: readonly {
      readonly server: string | null;
      readonly mac: string | null;
      readonly outcome: string;
      readonly notes: readonly string[];
    }[];
    readonly error: ReportedError | null;
  }[];
  readonly error: ReportedError | null;
}

/** What was taken away, or would be. */
export function removeReport(
  results: readonly RemoveResult[],
  { dryRun }: { readonly dryRun: boolean },
  error: TruenameError | undefined,
): RemoveReport {
  return {
    schema: 'truename/remove/1',
    dryRun,
    exitCode: removeExitCodes[endingOf(results, error)].code,
    guests: results.map((each) => ({
      name: each.name,
      node: each.ref?.node ?? null,
      vmid: each.ref?.vmid ?? null,
      outcome: each.outcome,
      why: each.why,
      reservations: each.reservations.map(({ server, mac, outcome, notes }) => ({
        server: server ?? null,
        mac: mac ?? null,
        outcome,
        notes,
      })),
      error: reportedError(each.error),
    })),
    error: reportedError(error),
  };
}

function endingOf(
  results: readonly RemoveResult[],
  error: TruenameError | undefined,
): Exclude<FixEnding, 'not-proven'> {
  if (error !== undefined) return isUsage(error) ? 'usage' : 'failed';
  return results.every(({ outcome }) => outcome === 'removed' || outcome === 'planned') ? 'proven' : 'failed';
}
