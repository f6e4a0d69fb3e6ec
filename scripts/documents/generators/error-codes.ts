import { errorCodes } from '../../../src/domain/error.ts';
import { markdownTable } from '../table.ts';

/** Every error code and what it means. */
export function errorCodesTable(): string {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => [`\`${code}\``, meaning]);
  return markdownTable(['Code', 'Meaning'], rows);
}
