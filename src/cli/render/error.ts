import type { TruenameError } from '../../domain/error.ts';
import { plainText } from './plain-text.ts';

/** What happened, where, and what to do next, in lines for a person. */
export function renderError(error: TruenameError): string[] {
  const where = error.where === undefined ? '' : ` (${plainText(error.where)})`;
  const lines = [`error ${error.code}: ${plainText(error.message)}${where}`];
  if (error.hint !== undefined) lines.push(`  ${plainText(error.hint)}`);
  return lines;
}
