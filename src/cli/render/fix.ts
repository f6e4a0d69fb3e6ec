import { styleText } from 'node:util';
import type { TruenameError } from '../../domain/error.ts';
import type { FixOutcome } from '../../domain/fix-event.ts';
import type { Outage } from '../../domain/ports.ts';
import { writesOf } from '../../plan/writes.ts';
import type { FixedGuest, FixReport } from '../fix-report.ts';
import { renderChain } from './chain.ts';
import { renderError } from './error.ts';
import { plainLine } from './plain-text.ts';
import { describeRemedy } from './remedy.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const words: Readonly<
  Record<FixOutcome, { readonly mark: string; readonly word: string; readonly style: Style }>
> = {
  failed: { mark: '✗', word: 'failed', style: 'red' },
  'not-mended': { mark: '✗', word: 'not mended', style: 'red' },
  'not-begun': { mark: '–', word: 'not begun', style: 'red' },
  'could-not-look': { mark: '?', word: 'could not look', style: 'yellow' },
  left: { mark: '·', word: 'left as it is', style: 'yellow' },
  'not-lasting': { mark: '!', word: 'right until the next boot', style: 'yellow' },
  mended: { mark: '✓', word: 'mended', style: 'green' },
  planned: { mark: '→', word: 'would be mended', style: 'cyan' },
  right: { mark: '✓', word: 'right already', style: 'green' },
};

/** The report for people: one guest at length; of several a table, worst first, with what each needs below it. */
export function renderFix(report: FixReport, error: TruenameError | undefined, colour: boolean): string[] {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const { guests } = report;
  const [only, ...more] = guests;
  const lines = [
    ...(only !== undefined && more.length === 0 ? atLength(only, colour) : []),
    ...(guests.length === 0 ? [] : ['', ...table(guests, paint)]),
    ...(guests.length === 0 ? [] : ['', ...closing(report)]),
    ...(error === undefined ? [] : renderError(error)),
  ];
  return lines;
}

function atLength(guest: FixedGuest, colour: boolean): string[] {
  const chain = guest.after ?? guest.before;
  if (chain === null) return [];
  return ['', plainLine(`${guest.fqdn ?? guest.name}:`), ...renderChain(chain, { colour })];
}

function table(guests: readonly FixedGuest[], paint: Paint): string[] {
  const names = guests.map(({ name, vmid }) => plainLine(`${name || '(no name)'} (${vmid})`));
  const width = Math.max(...names.map((each) => each.length));
  const wide = Math.max(...guests.map(({ outcome }) => words[outcome].word.length));
  return guests.flatMap((guest, index) => {
    const { mark, word, style } = words[guest.outcome];
    const first = `${paint(style, `${mark} ${word.padEnd(wide)}`)}  ${(names[index] ?? '').padEnd(width)}  ${said(guest)}`;
    return [first.trimEnd(), ...below(guest).map((line) => `    ${line}`)];
  });
}

/** What was found or done, in one line. */
function said({ why, taken, outage, seconds }: FixedGuest): string {
  const last = taken.at(-1);
  if (last === undefined) return plainLine(why);
  const kinds = taken.map(({ remedy }) => remedy.kind).join(', ');
  return plainLine(`${kinds} in ${seconds.toFixed(1)} s, ${outageWords(outage)}: ${why}`);
}

function outageWords(outage: Outage | null): string {
  if (outage === null || !outage.seen) return 'outage not seen from here';
  return outage.longestMs === 0 ? 'no answer missed' : `away for ${(outage.longestMs / 1000).toFixed(1)} s`;
}

/** Outcomes after which a rung that was not allowed is still of interest. */
const unfinished: readonly FixOutcome[] = ['not-mended', 'left', 'planned'];

function below({ outcome, planned, withheld, advice, error }: FixedGuest): string[] {
  return [
    ...planned.map((each) => `→ ${describeRemedy(each)}`),
    ...(unfinished.includes(outcome) ? withheld : []).map((each) => `(not allowed) ${describeRemedy(each)}`),
    ...(error?.hint == null ? [] : [plainLine(error.hint)]),
    ...advice.map(
      ({ kind, disruption, reach, how }) => `→ ${kind} [${disruption}, ${reach}] ${plainLine(how)}`,
    ),
  ];
}

function closing(report: FixReport): string[] {
  const counts = Object.entries(report.counts).map(
    ([outcome, count]) => `${count} ${words[outcome as FixOutcome].word}`,
  );
  // A run of renewals alone leaves nothing that could be put back.
  const written = report.guests.some(({ taken }) =>
    taken.some(({ remedy }) => writesOf(remedy, undefined).length > 0),
  );
  return [
    ...(report.stopped === null ? [] : [plainLine(`Stopped: ${report.stopped}`)]),
    `${counts.join(', ')}.`,
    ...(report.dryRun ? ['Nothing was changed.'] : []),
    ...(written && report.run !== null
      ? [`What was written can be put back: truename undo ${report.run}`]
      : []),
  ];
}
