import type { Command } from 'commander';
import { failureIn } from '../apply/end-of-run.ts';
import type { CloneEvent } from '../domain/clone-event.ts';
import { asTruenameError, type TruenameError } from '../domain/error.ts';
import { cloneExitCodes } from '../domain/exit-code.ts';
import type { CloneOrder } from '../provision/clone/context.ts';
import { addCloneOptions, type CloneOptions } from './clone-options.ts';
import type { RebuiltRun } from './clone-report.ts';
import { cloneWish } from './clone-request.ts';
import { endOfRun } from './end-of-run.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import type { Output } from './output.ts';
import { plainLine } from './render/plain-text.ts';
import { configurationOf, wholeNumber, wireOptionsOf } from './site-options.ts';

/** Adds `truename clone`; `onEnd` is told its exit code. */
export function addClone(program: Command, output: Output, onEnd: (exitCode: number) => void): void {
  const command = program
    .command('clone')
    .summary('make VMs from a template that lease under their own names from their first DISCOVER')
    .description(
      'Looks everywhere whether the name is free, reserves it for a new MAC address at the DHCP server, and only then makes the VM, with that address, its name and its domain set before it is started. No lease is ever granted to it under another name. The same command finishes what was interrupted.',
    )
    .argument('[name]', 'name of the clone at the hypervisor, and its host name');
  addCloneOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  truename clone web --from 9000 --start\n  truename clone --from tappaas-nixos --count 20 --name-pattern web-%02d --start\n  truename clone web --from 9000 --dry-run',
    )
    .addHelpText('after', exitCodeHelp(cloneExitCodes))
    .action(async (name: string | undefined, options: CloneOptions) => {
      onEnd(await report(name, options, output));
    });
}

async function report(name: string | undefined, options: CloneOptions, output: Output): Promise<number> {
  const { cloneReport } = await import('./clone-report.ts');
  let run: RebuiltRun | undefined;
  let error: TruenameError | undefined;
  let begun: string | undefined;
  try {
    run = await runClone(name, options, output, (id) => {
      begun = id;
    });
    error = run.error;
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const told = cloneReport(run, error, begun);
  if (options.json === true) output.result(`${JSON.stringify(told, null, 2)}\n`);
  else {
    const { renderClones } = await import('./render/clone.ts');
    output.result(`${renderClones(told, error, output.colour).join('\n')}\n`);
  }
  return told.exitCode;
}

async function runClone(
  typedName: string | undefined,
  typed: CloneOptions,
  output: Output,
  onBegin: (run: string) => void,
): Promise<RebuiltRun> {
  const { name, options, further } = await withTappaas(typedName, typed, output);
  const wish = { ...cloneWish(name, options), ...further };
  const seconds = wholeNumber('--timeout', options.timeout, 86_400);
  const configuration = await configurationOf(options);
  const { nix } = options;
  if (nix !== undefined) {
    const { readForClones } = await import('./clone-rebuild.ts');
    output.progress(`${plainLine(await readForClones(wish.names, nix))}\n`);
  }
  const [{ wireClone }, { clone }, { rolesOf }] = await Promise.all([
    import('./wire-clone.ts'),
    import('../provision/clone/clone.ts'),
    import('./wire-fix.ts'),
  ]);
  const signal = endOfRun(seconds);
  const command = options.dryRun === true ? undefined : 'clone';
  const { run, sources, close } = await wireClone(configuration, command, wireOptionsOf(options));
  if (command !== undefined) onBegin(run);
  try {
    const [roles, inventory] = await Promise.all([rolesOf(configuration), sources.hypervisor.guests(signal)]);
    const nodes = [...new Set(inventory.map(({ ref }) => ref.node))];
    const policy = { roles, templates: configuration.templateNames, nodes };
    const made = await clone({ ...wish, run, policy }, sources, await teller(options, output), signal);
    if (nix === undefined || made.dryRun) return made;
    const { rebuildClones } = await import('./clone-rebuild.ts');
    const say = (line: string) => output.progress(`${plainLine(line)}\n`);
    const rebuilt = await rebuildClones(made.results, configuration, { ...options, nix }, say, signal);
    return { ...made, rebuilt, ...(signal.aborted ? { error: failureIn(signal, signal.reason) } : {}) };
  } finally {
    await close();
  }
}

async function teller(options: CloneOptions, output: Output): Promise<(event: CloneEvent) => void> {
  if (options.events === true) return (event) => output.progress(`${JSON.stringify(event)}\n`);
  const { renderCloneEvent } = await import('./render/clone.ts');
  return (event) => {
    const line = renderCloneEvent(event);
    if (line !== undefined) output.progress(`${line}\n`);
  };
}

/** What a TAPPaaS module says beside the command line. */
async function withTappaas(
  name: string | undefined,
  options: CloneOptions,
  output: Output,
): Promise<{
  readonly name: string | undefined;
  readonly options: CloneOptions;
  readonly further: Partial<CloneOrder>;
}> {
  const { tappaas } = options;
  if (tappaas === undefined) return { name, options, further: {} };
  const { furtherOf, readTappaasModule, withModule } = await import('./tappaas-module.ts');
  const module = await readTappaasModule(tappaas);
  if (module.unused.length > 0)
    output.progress(`${plainLine(`${tappaas}: nothing is made here of ${module.unused.join(', ')}`)}\n`);
  return { ...withModule(name, options, module), further: furtherOf(module) };
}
