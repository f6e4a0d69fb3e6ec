import type { Command } from 'commander';
import { asTruenameError, TruenameError } from '../domain/error.ts';
import { lintTemplateExitCodes } from '../domain/exit-code.ts';
import type { TemplateLook } from '../observe/look-at-template.ts';
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

/** Options of `truename lint-template`, as commander reads them. */
interface LintTemplateOptions extends SiteOptions {
  readonly json?: true;
  readonly timeout: string;
}

/** Adds `truename lint-template`; `onEnd` is told its exit code. */
export function addLintTemplate(program: Command, output: Output, onEnd: (exitCode: number) => void): void {
  const command = program
    .command('lint-template')
    .summary('find what would make the clones of a template misbehave')
    .description(
      'Looks at what the hypervisor is told of a template, and on the disk of a VM that is to become one and runs still, by its guest agent: identities and names that every clone would share. Changes nothing.',
    )
    .argument('<guest>', 'number, node/number or name of the template, or of the VM that is to become one')
    .option('--json', 'print one JSON document on stdout (see docs/reference/lint-template-report.md)')
    .option('--timeout <seconds>', 'give up after this time', '120');
  addSiteOptions(command)
    .addHelpText('after', '\nExample:\n  truename lint-template 9000')
    .addHelpText('after', exitCodeHelp(lintTemplateExitCodes))
    .action(async (word: string, options: LintTemplateOptions) => {
      onEnd(await report(word, options, output));
    });
}

async function report(word: string, options: LintTemplateOptions, output: Output): Promise<number> {
  const { lintTemplateReport, renderLintTemplate } = await import('./lint-template-report.ts');
  let look: (TemplateLook & { readonly name: string; readonly vmid: number }) | undefined;
  let error: TruenameError | undefined;
  try {
    look = await runLint(word, options);
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const told = lintTemplateReport(look, error);
  const text =
    options.json === true ? JSON.stringify(told, null, 2) : renderLintTemplate(told, error).join('\n');
  output.result(`${text}\n`);
  return told.exitCode;
}

async function runLint(word: string, options: LintTemplateOptions) {
  const seconds = wholeNumber('--timeout', options.timeout, 86_400);
  const configuration = await configurationOf(options);
  const [{ wireLintTemplate }, { lookAtTemplate }, { findGuests }] = await Promise.all([
    import('./wire-lint-template.ts'),
    import('../observe/look-at-template.ts'),
    import('../observe/find-guests.ts'),
  ]);
  const signal = endOfRun(seconds);
  const { sources, close } = await wireLintTemplate(configuration, wireOptionsOf(options));
  try {
    const inventory = await sources.hypervisor.guests(signal);
    const [guest] = await findGuests(sources, [word], inventory, signal);
    if (guest === undefined || guest.kind === 'container')
      throw new TruenameError('unsupported', `${word} is a container, and only VMs are looked at`);
    const look = await lookAtTemplate(sources, guest, signal);
    return { ...look, name: guest.name ?? '', vmid: guest.ref.vmid };
  } finally {
    await close();
  }
}
