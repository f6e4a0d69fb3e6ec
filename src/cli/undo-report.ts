import type { UndoneGuest, UndoneWrite } from '../apply/undo.ts';
import type { TruenameError } from '../domain/error.ts';
import { type FixEnding, undoExitCodes } from '../domain/exit-code.ts';
import type { JournalledWrite } from '../domain/journal.ts';
import { fixEnding } from './fix-report.ts';
import { type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/undo-report.md. */
export interface UndoReport {
  readonly schema: 'truename/undo/1';
  /** The run whose writes were put back. */
  readonly run: string | null;
  readonly dryRun: boolean;
  readonly exitCode: number;
  readonly guests: readonly {
    readonly name: string;
    readonly node: string;
    readonly vmid: number;
    readonly writes: readonly {
      readonly number: number;
      readonly at: string;
      readonly certain: boolean;
      readonly result: UndoneWrite['result'];
      readonly write: JournalledWrite['write'];
    }[];
    readonly error: ReportedError | null;
  }[];
  readonly error: ReportedError | null;
}

/** What was put back of a run, or why nothing was. */
export function undoReport(
  given: { readonly run?: string; readonly dryRun: boolean },
  guests: readonly UndoneGuest[],
  error: TruenameError | undefined,
): UndoReport {
  return {
    schema: 'truename/undo/1',
    run: given.run ?? null,
    dryRun: given.dryRun,
    exitCode: undoExitCodes[undoEnding(guests, error)].code,
    guests: guests.map((each) => ({
      name: each.guest.name,
      node: each.guest.ref.node,
      vmid: each.guest.ref.vmid,
      writes: each.writes.map(({ write, result }) => {
        const { number, at, certain, write: what } = write;
        return { number, at, certain, result, write: what };
      }),
      error: reportedError(each.error),
    })),
    error: reportedError(error),
  };
}

function undoEnding(guests: readonly UndoneGuest[], error: TruenameError | undefined): FixEnding {
  if (error !== undefined) return fixEnding(undefined, error);
  if (guests.some((each) => each.error !== undefined)) return 'failed';
  const left = guests.some(({ writes }) =>
    writes.some(({ result }) => result === 'changed' || result === 'fades'),
  );
  return left ? 'not-proven' : 'proven';
}
