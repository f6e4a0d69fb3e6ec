import type { Command } from 'commander';
import { asTruenameError, TruenameError } from '../domain/error.ts';
import { guestUnitsExitCodes } from '../domain/exit-code.ts';
import { type NameSource, nameSources, type UnitSettings } from '../domain/guest-units.ts';
import { type Hostname, parseHostname } from '../domain/name.ts';
import type { GuestUnitsResult } from '../provision/guest-units/context.ts';
import { endOfRun } from './end-of-run.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import { addSelectionOptions, type SelectionOptions, selectionOf } from './guest-selection.ts';
import type { Output } from './output.ts';
import { plainLine } from './render/plain-text.ts';
import {
  addSiteOptions,
  configurationOf,
  type SiteOptions,
  wholeNumber,
  wireOptionsOf,
} from './site-options.ts';

/** Options of `truename guest install` and `uninstall`, as commander reads them. */
interface GuestOptions extends SiteOptions, SelectionOptions {
  readonly templateName?: readonly string[];
  readonly source?: readonly string[];
  readonly resetMachineId?: boolean;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
  readonly timeout: string;
}

type What = 'install' | 'uninstall';

/** Adds `truename guest` with its commands; `onEnd` is told their exit code. */
export function addGuest(program: Command, output: Output, onEnd: (exitCode: number) => void): void {
  const group = program
    .command('guest')
    .summary('put units into guests that find their names before the network is up')
    .description(
      'Two units that make the first DHCP packet of a guest, or of every clone of a template, bear its own name. They act at the next boot; docs/guides/in-the-guest.md says what they do.',
    );
  const install = group
    .command('install')
    .summary('install the units, and read them back')
    .description(
      'Enters each guest by its agent, or by ssh, and installs the units for any systemd distribution. Changes nothing where they stand already, restarts nothing, and asks no DHCP client for anything. NixOS takes the module in their place.',
    )
    .argument('[guest...]', 'name, number, node/number, MAC address or IPv4 address');
  install
    .option(
      '--template-name <name>',
      'name of a template, again for another: removed where a connection profile sends it (default: those of the site)',
      collected,
    )
    .option(
      '--source <source>',
      `where a name is looked for, again for the next: ${nameSources.join(', ')} (default: all, in this order)`,
      collected,
    )
    .option('--reset-machine-id', "give a clone that kept its template's machine-id its own")
    .option('--no-reset-machine-id', 'only say so in its journal');
  const uninstall = group
    .command('uninstall')
    .summary('take the units away again')
    .description('Takes away what install puts there, and nothing else; the host name stays what it is.')
    .argument('[guest...]', 'name, number, node/number, MAC address or IPv4 address');
  for (const [what, command] of [['install', install] as const, ['uninstall', uninstall] as const]) {
    addSelectionOptions(command)
      .option('--dry-run', 'look, and say what would be changed; change nothing')
      .option('--yes', 'change more than 10 guests, or more than a fifth of a fleet above 20')
      .option('--json', 'print one JSON document on stdout (see docs/reference/guest-report.md)')
      .option('--timeout <seconds>', 'give up after this time', '600');
    addSiteOptions(command, 'host keys and locks')
      .addHelpText('after', `\nExample:\n  truename guest ${what} myvm --dry-run`)
      .addHelpText('after', exitCodeHelp(guestUnitsExitCodes))
      .action(async (guests: string[], options: GuestOptions) => {
        onEnd(await report(what, guests, options, output));
      });
  }
}

function collected(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

async function report(
  what: What,
  words: readonly string[],
  options: GuestOptions,
  output: Output,
): Promise<number> {
  const { guestReport, renderGuests } = await import('./guest-report.ts');
  let results: readonly GuestUnitsResult[] = [];
  let error: TruenameError | undefined;
  try {
    results = await run(what, words, options, output);
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const told = guestReport(what, options.dryRun === true, results, error);
  const text = options.json === true ? JSON.stringify(told, null, 2) : renderGuests(told, error).join('\n');
  output.result(`${text}\n`);
  return told.exitCode;
}

async function run(
  what: What,
  words: readonly string[],
  options: GuestOptions,
  output: Output,
): Promise<GuestUnitsResult[]> {
  const selection = selectionOf(words, options, `guest ${what}`);
  const settings = settingsOf(options);
  const seconds = wholeNumber('--timeout', options.timeout, 86_400);
  const configuration = await configurationOf(options);
  const [{ wireGuestUnits }, { changeUnits }, { selectGuests }] = await Promise.all([
    import('./wire-guest-units.ts'),
    import('../provision/guest-units/change-units.ts'),
    import('../observe/select-guests.ts'),
  ]);
  const signal = endOfRun(seconds);
  const dryRun = options.dryRun === true;
  const wired = await wireGuestUnits(configuration, !dryRun, wireOptionsOf(options));
  try {
    const inventory = await wired.sources.hypervisor.guests(signal);
    const selected = await selectGuests(wired.sources, selection, inventory, signal);
    const named = inventory.flatMap(({ template, name }) => (template && name !== undefined ? [name] : []));
    const request = {
      run: wired.run,
      what,
      guests: selected.map(({ guest }) => guest),
      inventory,
      settings,
      templates: [...configuration.templateNames, ...named],
      dryRun,
      yes: options.yes === true,
      patienceMs: configuration.timeouts.requestMs,
    };
    return await changeUnits(
      request,
      wired.sources,
      (line) => output.progress(`${plainLine(line)}\n`),
      signal,
    );
  } finally {
    await wired.close();
  }
}

/** Throws `usage` for a template name that is no host name, and for a source that there is not. */
function settingsOf({ templateName, source, resetMachineId }: GuestOptions): UnitSettings {
  const templateNames = templateName?.map((each): Hostname => {
    const name = parseHostname(each);
    if (name !== undefined) return name;
    throw new TruenameError('usage', `--template-name ${each} is no host name`);
  });
  const sources = source?.map((each): NameSource => {
    const known = nameSources.find((one) => one === each);
    if (known !== undefined) return known;
    throw new TruenameError('usage', `--source ${each} is none`, {
      hint: `There are ${nameSources.join(', ')}.`,
    });
  });
  return {
    ...(templateNames === undefined ? {} : { templateNames }),
    ...(sources === undefined ? {} : { sources }),
    ...(resetMachineId === undefined ? {} : { resetMachineId }),
  };
}
