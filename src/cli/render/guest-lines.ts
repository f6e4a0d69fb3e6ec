import { styleText } from 'node:util';
import type { ReportedError } from '../reported-error.ts';
import { plainLine } from './plain-text.ts';

/** Makes a heading bold where colours are shown, whatever stdout is. */
export function headingIn(colour: boolean): (text: string) => string {
  return (text) => (colour ? styleText('bold', text, { validateStream: false }) : text);
}

/** What to do next, below what went wrong with one guest; nothing where nobody knows. */
export function hintLines(error: ReportedError | null): string[] {
  return error === null || error.hint === null ? [] : [plainLine(`    ${error.hint}`)];
}
