import {
  cloneExitCodes,
  doctorExitCodes,
  exitCodes,
  fixExitCodes,
  guestUnitsExitCodes,
  leasesExitCodes,
  lintTemplateExitCodes,
  removeExitCodes,
  reservationExitCodes,
  resolveExitCodes,
  undoExitCodes,
} from '../../../src/domain/exit-code.ts';
import { markdownTable } from '../table.ts';

/** Every exit code and what it means, command by command. */
export function exitCodesTable(): string {
  return [
    ...['## `truename rebuild`', '', tableOf(exitCodes), ''],
    ...['## `truename doctor`', '', tableOf(doctorExitCodes), ''],
    ...['## `truename leases`', '', tableOf(leasesExitCodes), ''],
    ...['## `truename resolve`', '', tableOf(resolveExitCodes), ''],
    ...['## `truename reserve` and `truename release`', '', tableOf(reservationExitCodes), ''],
    ...['## `truename clone`', '', tableOf(cloneExitCodes), ''],
    ...['## `truename remove`', '', tableOf(removeExitCodes), ''],
    ...['## `truename lint-template`', '', tableOf(lintTemplateExitCodes), ''],
    ...['## `truename guest`', '', tableOf(guestUnitsExitCodes), ''],
    ...['## `truename fix`', '', tableOf(fixExitCodes), ''],
    ...['## `truename undo`', '', tableOf(undoExitCodes)],
  ].join('\n');
}

function tableOf(
  codes: Readonly<Record<string, { readonly code: number; readonly meaning: string }>>,
): string {
  const rows = Object.values(codes).map(({ code, meaning }) => [`\`${code}\``, meaning]);
  return markdownTable(['Exit code', 'Meaning'], rows);
}
