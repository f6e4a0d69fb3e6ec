import type { Command } from 'commander';
import type { FixRun } from '../apply/fix-result.ts';
import { asTruenameError, type TruenameError } from '../domain/error.ts';
import { fixExitCodes } from '../domain/exit-code.ts';
import type { EmitFix } from '../domain/fix-event.ts';
import { disruptions, reaches } from '../domain/remedy.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import { adoptedSide, type FixOptions, limitsOf } from './fix-selection.ts';
import { addSelectionOptions, selectionOf } from './guest-selection.ts';
import { interruption } from './interruption.ts';
import type { Output } from './output.ts';
import { addSiteOptions, wholeNumber, wireOptionsOf } from './site-options.ts';
import type { Wiring } from './wiring.ts';

/** Adds `truename fix`; `onEnd` is told its exit code. */
export function addFix(
  program: Command,
  output: Output,
  onEnd: (exitCode: number) => void,
  wiring: Wiring,
): void {
  const command = program
    .command('fix')
    .summary('put the names of guests right by the gentlest step that suffices, and prove it')
    .description(
      'Looks at guests as doctor does, and where a lease bears the wrong name, or would after the next boot, mends it in the guest by the gentlest step that suffices. The lease is read back after each step, then DNS; the first proof ends it. A guest whose name is right gets no packet, no write and no restart.',
    )
    .argument('[guest...]', 'name, number, node/number, MAC address or IPv4 address');
  addSelectionOptions(command)
    .option('--dry-run', 'look, and say what would be done; change nothing')
    .option('--max-disruption <much>', `what a guest may feel: ${disruptions.join(', ')}`, 'blip')
    .option('--max-reach <who>', `who may feel it: ${reaches.join(', ')}`, 'guest')
    .option(
      '--adopt <side>',
      'where somebody set another name in the guest on purpose: "hypervisor" gives the guest the name of the VM, "guest" gives the VM the name of the guest',
    )
    .option('--take-name', 'go on although another machine has the name')
    .option('--yes', 'change more than 10 guests, or more than a fifth of a fleet above 20')
    .option('--at-once <number>', 'guests mended together, once the first ones were proven', '16')
    .option('--json', 'print one JSON document on stdout (see docs/reference/fix-report.md)')
    .option('--events', 'print each event as a line of JSON on stderr, in place of progress for people')
    .option('--timeout <seconds>', 'give up after this time', '3600');
  addSiteOptions(command, 'host keys, journal and locks')
    .addHelpText(
      'after',
      '\nExamples:\n  truename fix myvm --dry-run\n  truename fix myvm 611\n  truename fix --all --yes',
    )
    .addHelpText('after', exitCodeHelp(fixExitCodes))
    .action(async (guests: string[], options: FixOptions) => {
      onEnd(await runFix(guests, options, output, wiring));
    });
}

async function runFix(
  words: readonly string[],
  options: FixOptions,
  output: Output,
  wiring: Wiring,
): Promise<number> {
  const { fixReport } = await import('./fix-report.ts');
  let run: FixRun | undefined;
  let error: TruenameError | undefined;
  try {
    run = await attempt(words, options, output, wiring);
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const report = fixReport(run, error);
  if (options.json === true) output.result(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const { renderFix } = await import('./render/fix.ts');
    output.result(`${renderFix(report, error, output.colour).join('\n')}\n`);
  }
  return report.exitCode;
}

async function attempt(
  words: readonly string[],
  options: FixOptions,
  output: Output,
  wiring: Wiring,
): Promise<FixRun> {
  const selection = selectionOf(words, options, 'fix');
  const limits = limitsOf(options);
  const adopted = adoptedSide(options);
  const atOnce = wholeNumber('--at-once', options.atOnce, 64);
  const seconds = wholeNumber('--timeout', options.timeout, 604_800);
  const configuration = await wiring.configuration(options);
  const [{ fix }, { selectGuests }] = await Promise.all([
    import('../apply/fix.ts'),
    import('../observe/select-guests.ts'),
  ]);
  const emit = await emitter(options, output);
  const signals = interruption(seconds, () => {
    output.progress('no further guest is begun; those in hand are finished (once more ends it at once)\n');
  });
  const [wired, roles] = await Promise.all([
    wiring.fix(configuration, 'fix', wireOptionsOf(options)),
    wiring.roles(configuration),
  ]);
  const { run, sources, stateless } = wired;
  try {
    if (stateless !== undefined) emit({ type: 'note', at: sources.now(), text: statelessNote(stateless) });
    const inventory = await sources.hypervisor.guests(signals.abort);
    const guests = await selectGuests(sources, selection, inventory, signals.abort);
    const policy = {
      limits,
      roles,
      templates: configuration.templateNames,
      adoptHypervisor: adopted === 'hypervisor',
      adoptGuest: adopted === 'guest',
      takeName: options.takeName === true,
      reverseRequired: configuration.prove.includes('reverse'),
    };
    const request = {
      run,
      guests,
      inventory,
      policy,
      dryRun: options.dryRun === true,
      atOnce,
      yes: options.yes === true,
    };
    return await fix(request, sources, emit, signals);
  } finally {
    await wired.close();
  }
}

function statelessNote({ message }: TruenameError): string {
  return `nothing of this run can be remembered, so that it cannot be undone by truename undo: ${message}`;
}

async function emitter(options: FixOptions, output: Output): Promise<EmitFix> {
  if (options.events === true) return (event) => output.progress(`${JSON.stringify(event)}\n`);
  const { showFix } = await import('./render/fix-progress.ts');
  return showFix(output);
}
