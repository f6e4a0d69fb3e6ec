import { exitCodes } from '../../../src/domain/exit-code.ts';
import { markdownTable } from '../table.ts';

/** Every exit code and what it means. */
export function exitCodesTable(): string {
  const rows = Object.values(exitCodes).map(({ code, meaning }) => [`\`${code}\``, meaning]);
  return markdownTable(['Exit code', 'Meaning'], rows);
}
