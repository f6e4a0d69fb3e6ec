import type { Command } from 'commander';
import type { ReservationRun } from '../apply/reserve/result.ts';
import { asTruenameError, type TruenameError } from '../domain/error.ts';
import { addSelectionOptions, type SelectionOptions } from './guest-selection.ts';
import type { Output } from './output.ts';
import { addSiteOptions, type SiteOptions } from './site-options.ts';

/** Options that `reserve` and `release` have in common. */
export interface ReservationOptions extends SiteOptions, SelectionOptions {
  readonly nic?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
  readonly timeout: string;
}

/** Adds them. */
export function addReservationOptions(command: Command): Command {
  addSelectionOptions(command)
    .option('--nic <slot>', 'the network interface, such as net1')
    .option('--dry-run', 'look, and say what would be written; change nothing')
    .option('--yes', 'change more than 10 guests, or more than a fifth of a fleet above 20')
    .option('--json', 'print one JSON document on stdout (see docs/reference/reservations-report.md)')
    .option('--timeout <seconds>', 'give up after this time', '300');
  return addSiteOptions(command, 'journal and locks');
}

/** Runs, prints what came of it, and resolves to the exit code. */
export async function reportReservations(
  command: 'reserve' | 'release',
  work: () => Promise<ReservationRun>,
  options: ReservationOptions,
  output: Output,
): Promise<number> {
  const { reservationsReport } = await import('./reservations-report.ts');
  let run: ReservationRun | undefined;
  let error: TruenameError | undefined;
  try {
    run = await work();
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const report = reservationsReport(command, run, error);
  if (options.json === true) output.result(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const { renderReservations } = await import('./render/reservations.ts');
    output.result(`${renderReservations(report, error, output.colour).join('\n')}\n`);
  }
  return report.exitCode;
}
