import { shown } from '../../lib/shown.ts';

/** Lines of a failed task's log that its error shows. */
const shownLines = 5;

/** The last lines of a task's log, for the end of an error's message; empty for none. */
export function endOf(lines: readonly string[]): string {
  const told = lines.map(shown).filter((line) => line !== '');
  return told.length === 0 ? '' : ` (log: ${told.slice(-shownLines).join(' | ')})`;
}

/** What a log warns of (pve-common PVE/RESTEnvironment.pm, `log_warn`). */
export function warningsIn(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('WARN: ')).map((line) => shown(line.slice('WARN: '.length)));
}
