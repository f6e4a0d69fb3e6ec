import type { TruenameError } from '../../domain/error.ts';
import type { RemoveReport } from '../remove-report.ts';
import { renderError } from './error.ts';
import { hintLines } from './guest-lines.ts';
import { plainLine } from './plain-text.ts';

const signs: Readonly<Record<RemoveReport['guests'][number]['outcome'], string>> = {
  removed: '✓',
  planned: '→',
  refused: '✗',
  failed: '✗',
};

/** The report for people. */
export function renderRemoved({ guests }: RemoveReport, error: TruenameError | undefined): string[] {
  return [
    ...guests.flatMap(({ name, vmid, node, outcome, why, reservations, error: failed }) => [
      plainLine(`${signs[outcome]} ${name}${vmid === null ? '' : ` (${vmid} on ${node})`}: ${why}`),
      ...reservations.flatMap((each) => [
        plainLine(`    reservation of ${each.mac} at ${each.server}: ${each.outcome}`),
        ...each.notes.map((note) => plainLine(`      ${note}`)),
      ]),
      ...hintLines(failed),
    ]),
    ...(error === undefined ? [] : renderError(error)),
  ];
}
