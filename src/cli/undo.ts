import { homedir } from 'node:os';
import type { Command } from 'commander';
import type { MendSources } from '../apply/mend-sources.ts';
import type { UndoneGuest } from '../apply/undo.ts';
import { asTruenameError, TruenameError } from '../domain/error.ts';
import { undoExitCodes } from '../domain/exit-code.ts';
import type { JournalledRun } from '../domain/journal.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import { interruption } from './interruption.ts';
import type { Output } from './output.ts';
import {
  addSiteOptions,
  configurationOf,
  type SiteOptions,
  wholeNumber,
  wireOptionsOf,
} from './site-options.ts';

/** Options of `truename undo`, as commander reads them. */
interface UndoOptions extends SiteOptions {
  readonly list?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly timeout: string;
}

/** Adds `truename undo`; `onEnd` is told its exit code. */
export function addUndo(program: Command, output: Output, onEnd: (exitCode: number) => void): void {
  const command = program
    .command('undo')
    .summary('put back what a run wrote: of fix into guests, of reserve and release at DHCP servers')
    .description(
      'Puts back what a run of fix wrote into guests, or a run of reserve or release at DHCP servers, the last write first, each where it still stands; what somebody changed since is left and said. No DHCP client is asked to renew: a lease keeps its name until its guest asks next.',
    )
    .argument('[run]', 'id of the run, as fix, reserve and release print it')
    .option('--list', 'name the runs that wrote something, newest first')
    .option('--dry-run', 'say what would be put back; change nothing')
    .option('--json', 'print one JSON document on stdout (see docs/reference/undo-report.md)')
    .option('--timeout <seconds>', 'give up after this time', '600');
  addSiteOptions(command, 'host keys, journal and locks')
    .addHelpText(
      'after',
      '\nExamples:\n  truename undo --list\n  truename undo 20261126-013000-3f9a --dry-run',
    )
    .addHelpText('after', exitCodeHelp(undoExitCodes))
    .action(async (run: string | undefined, options: UndoOptions) => {
      onEnd(await (options.list === true ? listRuns(options, output) : runUndo(run, options, output)));
    });
}

async function listRuns(options: UndoOptions, output: Output): Promise<number> {
  const { listRuns: read } = await import('../state/journal.ts');
  try {
    const runs = await read(await stateOf(options));
    const { renderRuns } = await import('./render/undo.ts');
    const text =
      options.json === true
        ? JSON.stringify({ schema: 'truename/runs/1', runs }, null, 2)
        : renderRuns(runs).join('\n');
    output.result(`${text}\n`);
    return 0;
  } catch (thrown) {
    return report({ dryRun: false }, [], asTruenameError(thrown), options, output);
  }
}

async function runUndo(run: string | undefined, options: UndoOptions, output: Output): Promise<number> {
  let guests: readonly UndoneGuest[] = [];
  let error: TruenameError | undefined;
  try {
    guests = await attempt(run, options, output);
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const given = { dryRun: options.dryRun === true, ...(run === undefined ? {} : { run }) };
  return report(given, guests, error, options, output);
}

async function report(
  given: { readonly run?: string; readonly dryRun: boolean },
  guests: readonly UndoneGuest[],
  error: TruenameError | undefined,
  options: UndoOptions,
  output: Output,
): Promise<number> {
  const { undoReport } = await import('./undo-report.ts');
  const told = undoReport(given, guests, error);
  if (options.json === true) output.result(`${JSON.stringify(told, null, 2)}\n`);
  else {
    const { renderUndo } = await import('./render/undo.ts');
    output.result(`${renderUndo(told, error, output.colour).join('\n')}\n`);
  }
  return told.exitCode;
}

async function attempt(
  run: string | undefined,
  options: UndoOptions,
  output: Output,
): Promise<UndoneGuest[]> {
  if (run === undefined) {
    throw new TruenameError('usage', 'no run is named', { hint: 'truename undo --list names them.' });
  }
  const seconds = wholeNumber('--timeout', options.timeout, 86_400);
  const configuration = await configurationOf(options);
  const [{ wireFix }, { undoRun }, { readRun }] = await Promise.all([
    import('./wire-fix.ts'),
    import('../apply/undo.ts'),
    import('../state/journal.ts'),
  ]);
  const journalled = await readRun(await stateOf(options), run);
  if (journalled === undefined) {
    throw new TruenameError('nothing-to-undo', `no run ${run} is remembered`, {
      hint: 'truename undo --list names those that are; a run that wrote nothing is not remembered.',
    });
  }
  mustBeUndoable(journalled);
  const { abort } = interruption(seconds, () => {
    output.progress('what is in hand is finished (once more ends it at once)\n');
  });
  const wired = await wireFix(configuration, 'undo', wireOptionsOf(options));
  try {
    if (wired.stateless !== undefined && options.dryRun !== true) throw wired.stateless;
    if (journalled.writes.some(({ write }) => write.kind === 'reservation'))
      return await undoReserved(journalled, wired.sources, options, abort);
    const inventory = await wired.sources.hypervisor.guests(abort);
    return await undoRun(journalled, wired.sources, { dryRun: options.dryRun === true, inventory }, abort);
  } finally {
    await wired.close();
  }
}

/** A VM that was made may be in use, and one that was removed is gone: neither is undone by the name of a run. */
function mustBeUndoable({ command, run }: JournalledRun): void {
  if (command !== 'clone' && command !== 'remove') return;
  throw new TruenameError('unsupported', `run ${run} is one of ${command}, which undo does not put back`, {
    hint:
      command === 'clone'
        ? 'truename remove takes a VM away together with its reservation.'
        : 'What was removed is gone; truename clone makes it anew.',
  });
}

/** A run wrote into guests, or at DHCP servers; never both. */
async function undoReserved(
  journalled: JournalledRun,
  sources: MendSources,
  { dryRun }: UndoOptions,
  signal: AbortSignal,
): Promise<UndoneGuest[]> {
  const { undoReservations } = await import('../apply/reserve/undo.ts');
  const { state, ...looking } = sources;
  const memory = state === undefined || dryRun === true ? {} : { memory: state };
  return undoReservations(journalled, { ...looking, runs: async () => [], ...memory }, signal);
}

async function stateOf(options: UndoOptions): Promise<string> {
  const { stateDirectory } = await import('../state/directory.ts');
  const given = options.stateDir ?? (await configurationOf(options)).stateDirectory;
  return stateDirectory(given, process.env, homedir());
}
