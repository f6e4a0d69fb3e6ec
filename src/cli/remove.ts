import type { Command } from 'commander';
import { asTruenameError, TruenameError } from '../domain/error.ts';
import { removeExitCodes } from '../domain/exit-code.ts';
import type { RemoveResult } from '../provision/remove/request.ts';
import { endOfRun } from './end-of-run.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import type { Output } from './output.ts';
import {
  addSiteOptions,
  configurationOf,
  type SiteOptions,
  wholeNumber,
  wireOptionsOf,
} from './site-options.ts';

/** Options of `truename remove`, as commander reads them. */
interface RemoveOptions extends SiteOptions {
  readonly stop?: true;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly timeout: string;
}

/** Adds `truename remove`; `onEnd` is told its exit code. */
export function addRemove(program: Command, output: Output, onEnd: (exitCode: number) => void): void {
  const command = program
    .command('remove')
    .summary('take away VMs together with what Truename reserved for them')
    .description(
      'Takes away a VM with its disks, and then what Truename reserved for its MAC addresses. Says what it would do until --yes is given. Templates are never taken away, and what runs only with --stop. What was removed cannot be put back.',
    )
    .argument(
      '<guest...>',
      'name, number or node/number; of one that is gone, the name that is still reserved',
    )
    .option('--stop', 'switch off what runs, without asking it')
    .option('--yes', 'do it, and do not only say it')
    .option('--dry-run', 'say what would be taken away; change nothing')
    .option('--json', 'print one JSON document on stdout (see docs/reference/remove-report.md)')
    .option('--timeout <seconds>', 'give up after this time', '600');
  addSiteOptions(command, 'journal and locks')
    .addHelpText('after', '\nExamples:\n  truename remove web-01\n  truename remove web-01 --stop --yes')
    .addHelpText('after', exitCodeHelp(removeExitCodes))
    .action(async (guests: string[], options: RemoveOptions) => {
      onEnd(await report(guests, options, output));
    });
}

async function report(words: readonly string[], options: RemoveOptions, output: Output): Promise<number> {
  const { removeReport } = await import('./remove-report.ts');
  let results: readonly RemoveResult[] = [];
  let error: TruenameError | undefined;
  const looksOnly = options.yes !== true || options.dryRun === true;
  try {
    results = await runRemove(words, options, looksOnly, output);
    const may = results.some(({ outcome }) => outcome === 'planned');
    if (may && options.dryRun !== true && options.yes !== true) {
      throw new TruenameError('usage', 'nothing was taken away: it cannot be put back', {
        hint: 'Look at what is said above; then add --yes.',
      });
    }
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const told = removeReport(results, { dryRun: looksOnly }, error);
  if (options.json === true) output.result(`${JSON.stringify(told, null, 2)}\n`);
  else {
    const { renderRemoved } = await import('./render/remove.ts');
    output.result(`${renderRemoved(told, error).join('\n')}\n`);
  }
  return told.exitCode;
}

async function runRemove(
  words: readonly string[],
  options: RemoveOptions,
  looksOnly: boolean,
  output: Output,
): Promise<RemoveResult[]> {
  const seconds = wholeNumber('--timeout', options.timeout, 86_400);
  const configuration = await configurationOf(options);
  const [{ wireReserve }, { removeGuests }] = await Promise.all([
    import('./wire-reserve.ts'),
    import('../provision/remove/remove.ts'),
  ]);
  const signal = endOfRun(seconds);
  const command = looksOnly ? undefined : 'remove';
  const { run, sources, close } = await wireReserve(configuration, command, wireOptionsOf(options));
  try {
    const inventory = await sources.hypervisor.guests(signal);
    const { templateNames: templates } = configuration;
    const request = { run, words, inventory, templates, stop: options.stop === true };
    return await removeGuests(request, sources, (line) => output.progress(`${line}\n`), signal);
  } finally {
    await close();
  }
}
