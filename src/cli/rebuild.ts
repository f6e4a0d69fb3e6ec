import type { Command } from 'commander';
import { asTruenameError } from '../domain/error.ts';
import type { RunEvent } from '../domain/event.ts';
import { type Ending, exitCodes } from '../domain/exit-code.ts';
import type { RebuildRequest } from '../provision/rebuild/context.ts';
import type { RebuildResult } from '../provision/rebuild/result.ts';
import type { RunLog } from '../state/run-log.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import type { Output } from './output.ts';
import { addRebuildOptions, type RebuildOptions } from './rebuild-options.ts';
import { requestOf } from './rebuild-request.ts';
import { wholeNumber, wireOptionsOf } from './site-options.ts';
import type { Wiring } from './wiring.ts';

/** Adds `truename rebuild`; `onEnd` is told how it ended. */
export function addRebuild(
  program: Command,
  output: Output,
  onEnd: (ending: Ending) => void,
  wiring: Wiring,
): void {
  const command = program
    .command('rebuild')
    .summary('make a cloned NixOS VM itself, and prove that it leases under its own name')
    .description(
      "Builds the VM's own NixOS configuration, makes it active, and proves by reading back that the VM's name stands in its DHCP lease and in DNS, now and for the next boot.",
    )
    .argument('<vmname>', 'name of the VM at the hypervisor, and its host name')
    .argument('<vmid>', 'number of the VM')
    .argument('<node>', 'node that it is on')
    .argument('[nix-config-path]', 'its NixOS configuration (default: ./<vmname>.nix)');
  addRebuildOptions(command)
    .addHelpText('after', '\nExample:\n  truename rebuild myvm 610 tappaas1 ./myvm.nix')
    .addHelpText('after', exitCodeHelp(exitCodes))
    .action(
      async (
        vmname: string,
        vmid: string,
        node: string,
        file: string | undefined,
        options: RebuildOptions,
      ) => {
        const request = requestOf({ vmname, vmid, node, file }, options);
        const seconds = wholeNumber('--timeout', options.timeout, 999_999);
        onEnd(await runRebuild(request, { ...options, seconds, wiring }, output));
      },
    );
}

/** How a run goes, beside what it is for. */
interface HowToRun extends RebuildOptions {
  readonly seconds: number;
  readonly wiring: Wiring;
}

async function runRebuild(request: RebuildRequest, options: HowToRun, output: Output): Promise<Ending> {
  const { reportOf, endingOf } = await import('./report.ts');
  const { showProgress } = await import('./render/progress.ts');
  const events: RunEvent[] = [];
  const quiet = options.quiet === true;
  const tell = showProgress({
    write: output.progress,
    live: output.live,
    colour: output.colour,
    verbose: options.verbose === true,
  });
  const { result, log } = await attempt(request, options, (event) => {
    if (event.type !== 'output') events.push(event);
    if (options.events === true) {
      if (event.type !== 'output' || options.verbose === true) output.progress(`${JSON.stringify(event)}\n`);
    } else if (!quiet) tell(event);
  });
  const report = reportOf(request, result, events, log.path);
  if (options.json === true) output.result(`${JSON.stringify(report, null, 2)}\n`);
  else if (!quiet || endingOf(result) !== 'proven') await showResult(report, result, log, output);
  return endingOf(result);
}

/** Where the build's output was kept, or why it was not; neither where there was none. */
interface KeptLog {
  readonly path?: string;
  readonly failure?: string;
}

function logOf(log: RunLog): KeptLog {
  const [path, failure] = [log.path(), log.failure()];
  return { ...(path === undefined ? {} : { path }), ...(failure === undefined ? {} : { failure }) };
}

async function attempt(
  request: RebuildRequest,
  { wiring, seconds, ...options }: HowToRun,
  emit: (event: RunEvent) => void,
): Promise<{ readonly result: RebuildResult; readonly log: KeptLog }> {
  try {
    const configuration = await wiring.configuration(options);
    const { endOfRun } = await import('./end-of-run.ts');
    const { rebuild } = await import('../provision/rebuild/rebuild.ts');
    const wired = await wiring.rebuild(configuration, request, wireOptionsOf(options));
    const keep = (event: RunEvent) => {
      if (event.type === 'output') wired.log.write(event.line);
      emit(event);
    };
    try {
      const result = await rebuild(request, wired.sources, keep, endOfRun(seconds));
      return { result, log: logOf(wired.log) };
    } finally {
      await wired.close();
    }
  } catch (error) {
    const result: RebuildResult = { outcome: 'failed', remedies: [], error: asTruenameError(error) };
    return { result, log: {} };
  }
}

async function showResult(
  report: import('./report.ts').RebuildReport,
  result: RebuildResult,
  log: KeptLog,
  output: Output,
): Promise<void> {
  const { renderChain } = await import('./render/chain.ts');
  const { renderError } = await import('./render/error.ts');
  const lines: string[] = [];
  const chain = report.after ?? report.before;
  if (chain !== null) lines.push('', `${report.fqdn}:`, ...renderChain(chain, { colour: output.colour }));
  const open = [...(report.proof?.now ?? []), ...(report.proof?.lasts ?? [])].filter(
    ({ state }) => state === 'refuted' || state === 'not-observable',
  );
  if (open.length > 0)
    lines.push(
      '',
      ...open.map(
        (verdict) =>
          `${verdict.link}${verdict.of === undefined ? '' : ` (${verdict.of})`}: ${verdict.because}`,
      ),
    );
  if (result.error !== undefined) lines.push('', ...renderError(result.error));
  if (log.path !== undefined) lines.push('', `All that the build said: ${log.path}`);
  if (log.failure !== undefined) lines.push('', `What the build said could not be kept: ${log.failure}`);
  const endings = {
    proven: `${report.name} leases under its own name, now and at its next boot: proven.`,
    'not-proven': `${report.name} runs its own system, but its name is not proven.`,
    failed: `${report.name} was not rebuilt.`,
    planned:
      report.proof?.proven === true
        ? 'Nothing was changed; the name is right already.'
        : 'Nothing was changed.',
  };
  lines.push('', endings[report.outcome]);
  output.result(`${lines.join('\n')}\n`);
}
