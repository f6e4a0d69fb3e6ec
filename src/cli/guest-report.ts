import type { TruenameError } from '../domain/error.ts';
import { guestUnitsExitCodes } from '../domain/exit-code.ts';
import type { FileChange, GuestUnitsResult } from '../provision/guest-units/context.ts';
import { renderError } from './render/error.ts';
import { plainLine } from './render/plain-text.ts';
import { isUsage, type ReportedError, reportedError } from './reported-error.ts';

/** The one document of `--json`; its keys are stable and described in docs/reference/guest-report.md. */
export interface GuestReport {
  readonly schema: 'truename/guest/1';
  readonly command: 'install' | 'uninstall';
  readonly dryRun: boolean;
  readonly exitCode: number;
  readonly guests: readonly {
    readonly name: string;
    readonly node: string;
    readonly vmid: number;
    readonly outcome: GuestUnitsResult['outcome'];
    readonly why: string;
    readonly via: string | null;
    readonly files: readonly FileChange[];
    readonly error: ReportedError | null;
  }[];
  readonly error: ReportedError | null;
}

/** What came of it. */
export function guestReport(
  command: GuestReport['command'],
  dryRun: boolean,
  results: readonly GuestUnitsResult[],
  error: TruenameError | undefined,
): GuestReport {
  return {
    schema: 'truename/guest/1',
    command,
    dryRun,
    exitCode: guestUnitsExitCodes[endingOf(results, error)].code,
    guests: results.map(({ name, ref, outcome, why, via, files, error: failed }) => ({
      name,
      node: ref.node,
      vmid: ref.vmid,
      outcome,
      why,
      via: via ?? null,
      files: files.map(({ path, was, becomes }) => ({ path, was, becomes })),
      error: reportedError(failed),
    })),
    error: reportedError(error),
  };
}

function endingOf(
  results: readonly GuestUnitsResult[],
  error: TruenameError | undefined,
): keyof typeof guestUnitsExitCodes {
  if (error !== undefined) return isUsage(error) ? 'usage' : 'failed';
  return results.some(({ outcome }) => outcome === 'failed' || outcome === 'refused') ? 'failed' : 'proven';
}

const signs: Readonly<Record<GuestUnitsResult['outcome'], string>> = {
  installed: '✓',
  removed: '✓',
  unchanged: '✓',
  planned: '→',
  refused: '✗',
  failed: '✗',
};

/** The same for people; files that stay as they are are not named. */
export function renderGuests({ guests }: GuestReport, error: TruenameError | undefined): string[] {
  return [
    ...guests.flatMap(({ name, vmid, node, outcome, why, files, error: failed }) => [
      plainLine(`${signs[outcome]} ${name} (${vmid} on ${node}): ${outcome}: ${why}`),
      ...files
        .filter(({ becomes }) => becomes !== 'kept')
        .map(({ path, was, becomes }) =>
          plainLine(`    ${path}: ${becomes}${was === 'other' ? ', in place of another' : ''}`),
        ),
      ...(failed?.hint == null ? [] : [plainLine(`    ${failed.hint}`)]),
    ]),
    ...(error === undefined ? [] : renderError(error)),
  ];
}
