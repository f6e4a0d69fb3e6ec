import type { Command } from 'commander';
import { asTruenameError, TruenameError } from '../domain/error.ts';
import type { Evidence } from '../domain/evidence.ts';
import { doctorExitCodes } from '../domain/exit-code.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import { addLookOptions, type LookOptions, lookingOf } from './look-options.ts';
import type { Output } from './output.ts';
import type { Wiring } from './wiring.ts';

/** Options of `truename doctor`, as commander reads them. */
interface DoctorOptions extends LookOptions {
  readonly bundle?: string;
  readonly json?: true;
}

/** Adds `truename doctor`; `onEnd` is told its exit code. */
export function addDoctor(
  program: Command,
  output: Output,
  onEnd: (exitCode: number) => void,
  wiring: Wiring,
): void {
  const command = program
    .command('doctor')
    .summary('read the whole chain of a name, and name the first broken link; changes nothing')
    .description(
      'Reads every link between the name of a guest at its hypervisor and the names under which it is known in DNS, says which link is broken first, why, and what would mend it. Changes nothing, anywhere.',
    )
    .argument(
      '[guest...]',
      'name, number, node/number, MAC address or IPv4 address; VMs and containers of any system',
    )
    .option('--bundle <file>', 'diagnose what a bundle holds, without access to anything (- for stdin)')
    .option('--json', 'print one JSON document on stdout (see docs/reference/doctor-report.md)');
  addLookOptions(command)
    .addHelpText('after', `\nExamples:\n  truename doctor myvm\n  truename doctor 610 10.2.10.5 --json`)
    .addHelpText('after', exitCodeHelp(doctorExitCodes))
    .action(async (guests: string[], options: DoctorOptions) => {
      onEnd(await runDoctor(guests, options, output, wiring));
    });
}

async function runDoctor(
  guests: readonly string[],
  options: DoctorOptions,
  output: Output,
  wiring: Wiring,
): Promise<number> {
  const { doctorReport } = await import('./doctor-report.ts');
  let evidence: readonly Evidence[] = [];
  let error: TruenameError | undefined;
  try {
    evidence = await evidenceFor(guests, options, output, wiring);
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const report = doctorReport(evidence, error);
  if (options.json === true) output.result(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const { renderDoctor } = await import('./render/doctor.ts');
    output.result(`${renderDoctor(report, error, output.colour).join('\n')}\n`);
  }
  return report.exitCode;
}

async function evidenceFor(
  guests: readonly string[],
  options: DoctorOptions,
  output: Output,
  wiring: Wiring,
): Promise<readonly Evidence[]> {
  if ((guests.length === 0) === (options.bundle === undefined)) {
    throw new TruenameError('usage', 'name one guest at least, or a bundle, and not both', {
      hint: 'truename doctor <guest…>, or truename doctor --bundle FILE',
    });
  }
  const { seconds, request } = lookingOf(guests, options);
  if (options.bundle !== undefined) {
    const { readBundleFile } = await import('./bundle-file.ts');
    return (await readBundleFile(options.bundle)).machines;
  }
  const { examineGuests } = await import('./examination.ts');
  const { endOfRun } = await import('./end-of-run.ts');
  const progress = (text: string) => output.progress(`${text}\n`);
  return examineGuests({ ...request, progress, wiring }, endOfRun(seconds));
}
