import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { asTruenameError, TruenameError } from '../domain/error.ts';
import type { RunEvent } from '../domain/event.ts';
import { type Ending, exitCodes } from '../domain/exit-code.ts';
import { isReservedName, parseHostname } from '../domain/name.ts';
import type { RebuildRequest } from '../provision/rebuild/context.ts';
import type { RebuildResult } from '../provision/rebuild/result.ts';
import type { Output } from './output.ts';

/** Options of `truename rebuild`, as commander reads them. */
interface RebuildOptions {
  readonly buildOn: 'target' | 'controller';
  readonly config?: string;
  readonly stateDir?: string;
  readonly hypervisor?: string;
  readonly timeout: string;
  readonly dryRun?: true;
  readonly takeName?: true;
  readonly json?: true;
  readonly verbose?: true;
}

/** Adds `truename rebuild`; `onEnd` is told how it ended. */
export function addRebuild(program: Command, output: Output, onEnd: (ending: Ending) => void): void {
  program
    .command('rebuild')
    .summary('make a cloned NixOS VM itself, and prove that it leases under its own name')
    .description(
      "Builds the VM's own NixOS configuration, makes it active, and proves by reading back that the VM's name stands in its DHCP lease and in DNS, now and for the next boot.",
    )
    .argument('<vmname>', 'name of the VM at the hypervisor, and its host name')
    .argument('<vmid>', 'number of the VM')
    .argument('<node>', 'node that it is on')
    .argument('[nix-config-path]', 'its NixOS configuration (default: ./<vmname>.nix)')
    .addOption(
      new Option('--build-on <where>', 'where to evaluate and build')
        .choices(['target', 'controller'])
        .default('target'),
    )
    .option('--dry-run', 'read everything, change nothing, and say what is wrong')
    .option('--take-name', 'go on although a resolver answers the name with another address')
    .option('--timeout <seconds>', 'give up after this time', '1800')
    .option(
      '--config <file>',
      'configuration file (default: truename.yaml, upwards from here; without one the TAPPaaS conventions hold)',
    )
    .option('--hypervisor <id>', 'hypervisor in the configuration (default: the first)')
    .option(
      '--state-dir <folder>',
      'where host keys are remembered (default: $STATE_DIRECTORY, or ~/.local/state/truename)',
    )
    .option('--json', 'print one JSON document on stdout (see docs/reference/report.md)')
    .option('--verbose', 'show the output of the build')
    .addHelpText('after', '\nExample:\n  truename rebuild myvm 610 tappaas1 ./myvm.nix')
    .action(
      async (
        vmname: string,
        vmid: string,
        node: string,
        file: string | undefined,
        options: RebuildOptions,
      ) => {
        onEnd(await runRebuild(requestOf(vmname, vmid, node, file, options), options, output));
      },
    );
}

function requestOf(
  vmname: string,
  vmid: string,
  node: string,
  file: string | undefined,
  options: RebuildOptions,
): RebuildRequest {
  const name = parseHostname(vmname);
  if (name === undefined || isReservedName(name)) {
    throw new TruenameError('usage', `${vmname} cannot be a host name`, {
      hint: 'Letters, digits and inner hyphens, 63 at most, and none of localhost, wpad, isatap.',
    });
  }
  // Proxmox VE's own bounds (pve-common JSONSchema.pm, pve-vmid).
  if (!/^[1-9]\d{2,8}$/.test(vmid)) {
    throw new TruenameError('usage', `${vmid} is no VM number`, {
      hint: 'A VM number has three to nine digits.',
    });
  }
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(node)) {
    throw new TruenameError('usage', `${node} is no node name`, {
      hint: 'Name the node as the cluster does, without a domain.',
    });
  }
  if (!/^[1-9]\d{0,5}$/.test(options.timeout)) {
    throw new TruenameError('usage', `--timeout ${options.timeout} is no number of seconds`);
  }
  return {
    name,
    vmid: Number(vmid),
    node,
    configuration: resolve(file ?? `${name}.nix`),
    buildOn: options.buildOn,
    dryRun: options.dryRun === true,
    takeName: options.takeName === true,
  };
}

async function runRebuild(request: RebuildRequest, options: RebuildOptions, output: Output): Promise<Ending> {
  const { reportOf, endingOf } = await import('./report.ts');
  const { showProgress } = await import('./render/progress.ts');
  const events: RunEvent[] = [];
  const show = showProgress({
    write: output.progress,
    live: output.live,
    colour: output.colour,
    verbose: options.verbose === true,
  });
  const result = await attempt(request, options, (event) => {
    if (event.type !== 'output') events.push(event);
    show(event);
  });
  const report = reportOf(request, result, events);
  if (options.json === true) output.result(`${JSON.stringify(report, null, 2)}\n`);
  else await showResult(report, result, output);
  return endingOf(result);
}

async function attempt(
  request: RebuildRequest,
  options: RebuildOptions,
  emit: (event: RunEvent) => void,
): Promise<RebuildResult> {
  try {
    await mustBeReadable(request);
    const { loadConfiguration } = await import('../config/load.ts');
    const configuration = await loadConfiguration({
      workingDirectory: process.cwd(),
      homeDirectory: homedir(),
      ...(options.config === undefined ? {} : { path: options.config }),
    });
    const { wire } = await import('./wire.ts');
    const { rebuild } = await import('../provision/rebuild/rebuild.ts');
    const wired = await wire(configuration, request, {
      ...(options.stateDir === undefined ? {} : { stateDirectory: options.stateDir }),
      ...(options.hypervisor === undefined ? {} : { hypervisor: options.hypervisor }),
    });
    try {
      return await rebuild(request, wired.sources, emit, endOfRun(Number(options.timeout)));
    } finally {
      await wired.close();
    }
  } catch (error) {
    return { outcome: 'failed', remedies: [], error: asTruenameError(error) };
  }
}

async function mustBeReadable(request: RebuildRequest): Promise<void> {
  const { access } = await import('node:fs/promises');
  await access(request.configuration).catch((error) => {
    throw new TruenameError('usage', `there is no readable configuration ${request.configuration}`, {
      hint: 'Name the NixOS configuration of the VM as the fourth argument.',
      cause: error,
    });
  });
}

/** Ends the run when its time is over, or at the first Ctrl-C; a second one ends the process at once. */
function endOfRun(seconds: number): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => interrupted.abort(new DOMException(name, 'AbortError')));
  }
  return AbortSignal.any([interrupted.signal, AbortSignal.timeout(seconds * 1000)]);
}

async function showResult(
  report: import('./report.ts').RebuildReport,
  result: RebuildResult,
  output: Output,
): Promise<void> {
  const { renderChain } = await import('./render/chain.ts');
  const { renderError } = await import('./render/error.ts');
  const lines: string[] = [];
  const chain = report.after ?? report.before;
  if (chain !== null) lines.push('', `${report.fqdn}:`, ...renderChain(chain, output.colour));
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

/** The exit codes as `--help` shows them. */
export function exitCodeHelp(): string {
  return `\nExit codes:\n${Object.values(exitCodes)
    .map(({ code, meaning }) => `  ${code}  ${meaning}`)
    .join('\n')}`;
}
