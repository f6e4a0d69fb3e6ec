import { styleText } from 'node:util';
import type { CloneEvent } from '../../domain/clone-event.ts';
import type { TruenameError } from '../../domain/error.ts';
import type { CloneOutcome } from '../../provision/clone/result.ts';
import type { CloneReport, ReportedClone } from '../clone-report.ts';
import { renderError } from './error.ts';
import { plainLine } from './plain-text.ts';

const signs: Readonly<Record<CloneOutcome, string>> = {
  failed: '✗',
  refused: '✗',
  'rolled-back': '✗',
  'not-proven': '!',
  proven: '✓',
  made: '✓',
  planned: '→',
};

/** The report for people. */
export function renderClones(
  report: CloneReport,
  error: TruenameError | undefined,
  colour: boolean,
): string[] {
  const bold = (text: string) => (colour ? styleText('bold', text, { validateStream: false }) : text);
  const written = report.servers.flatMap(({ id, place, writes }) =>
    writes === 0 ? [] : [plainLine(`${id}: ${writes} ${writes === 1 ? 'write' : 'writes'} to ${place}`)],
  );
  const ended = report.run === null || report.dryRun ? [] : [`Run ${report.run}.`];
  return [
    ...report.clones.flatMap((each) => renderClone(each, bold)),
    ...written,
    ...ended,
    ...(error === undefined ? [] : renderError(error)),
  ];
}

function renderClone(clone: ReportedClone, bold: (text: string) => string): string[] {
  const { name, vmid, node, nics, outcome, why, notes, address, error } = clone;
  const where = vmid === null ? '' : ` (${vmid} on ${node})`;
  const at = address === null ? '' : ` at ${address}`;
  const plugged = nics.map(
    ({ slot, mac, segment, reserved }) => `${slot} ${mac} in ${segment}${reserved ? ', reserved' : ''}`,
  );
  return [
    `${signs[outcome]} ${bold(plainLine(name))}${plainLine(`${where}${at}: ${outcome}: ${why}`)}`,
    ...plugged.map((line) => `    ${plainLine(line)}`),
    ...notes.map((note) => `    ${plainLine(note)}`),
    ...(clone.rebuild === null
      ? []
      : [
          `    ${plainLine(`rebuild: ${clone.rebuild.outcome}${clone.rebuild.error === null ? '' : `: ${clone.rebuild.error.message}`}`)}`,
        ]),
    ...(error?.hint == null ? [] : [`    ${plainLine(error.hint)}`]),
  ];
}

/** The line of progress of an event; none for what its end will say. */
export function renderCloneEvent({ type, name, step, text }: CloneEvent): string | undefined {
  if (type === 'begun') return undefined;
  const whose = name === undefined ? '' : `${name}: `;
  return plainLine(`${whose}${step}: ${text}`);
}
