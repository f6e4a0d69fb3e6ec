import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TruenameError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
import type { SystemBuilder } from '../../domain/system-builder.ts';
import type { RunProcess } from '../../lib/process.ts';
import { type BuildSource, flakeNamesOther, nixPath, pinned, wrapperOf } from './build-source.ts';
import { evaluatedOr, fileExpression, flakeFunction } from './evaluation.ts';
import { ownConfigurationIn } from './hardware.ts';
import { mustBeInstalled, type NixProgram } from './installed.ts';
import { readOutcome, tail } from './outcome.ts';
import { watchingProfile } from './profile.ts';

/** What is built here, and whose it becomes. */
export interface OnControllerOptions extends BuildSource {
  readonly run: RunProcess;
  /** A private folder of this run, for the copy of the configuration that is built. */
  readonly folder: string;
  /** A shell in the guest. */
  readonly shell: Shell;
  /** `USER@NAME` for ssh. */
  readonly targetHost: string;
  /** Options of ssh(1) that lead there and trust the pinned key, as separate words without spaces. */
  readonly sshOptions: readonly string[];
  /** The user at the target is not root. */
  readonly sudo: boolean;
}

const evaluationMs = 600_000;
const buildMs = 3_600_000;

/** Builds on this machine and copies the result; needs nix and nixos-rebuild here. */
export function buildOnController(options: OnControllerOptions): SystemBuilder {
  const { run, name, configuration, flake, folder, shell } = options;
  let file = join(folder, configuration.files[0]?.path ?? '');
  let system: string | undefined;

  return {
    where: 'controller',
    async prepare({ forceName }) {
      mustBePlain(options.sshOptions);
      mustNotTakeHardware(options);
      for (const { path, content, executable } of configuration.files) {
        await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
        await writeFile(join(folder, path), content, { mode: executable ? 0o700 : 0o600 });
      }
      if (!forceName) return [];
      if (flake !== undefined) throw flakeNamesOther(name, flake);
      const wrapper = join(folder, '.truename.nix');
      await writeFile(wrapper, wrapperOf(nixPath(file), name), { mode: 0o600 });
      file = wrapper;
      return [];
    },
    async evaluate(signal) {
      const [program, args] = evaluation(options, included());
      const result = await run(program, args, { timeoutMs: evaluationMs, signal });
      mustBeInstalled(result, program);
      const evaluated = evaluatedOr(result, file);
      system = evaluated.path;
      return evaluated;
    },
    async activate(action, onLine, signal) {
      const source =
        flake === undefined ? ['--no-flake', ...included()] : ['--flake', `path:${folder}#${flake}`];
      const args = [action, ...source, ...(await spelling(run, signal)).noReexec];
      return watchingProfile(shell, system, () => rebuild(args, onLine, signal), signal);
    },
    rollBack: (onLine, signal) => rebuild(['switch', '--rollback', '--no-flake'], onLine, signal),
  };

  function included(): string[] {
    return ['-I', `nixos-config=${file}`, ...pinned(options)];
  }

  async function rebuild(args: readonly string[], onLine: (line: string) => void, signal: AbortSignal) {
    const last = tail();
    const { sudo } = await spelling(run, signal);
    const result = await run(
      'nixos-rebuild',
      [...args, '--target-host', options.targetHost, ...(options.sudo ? sudo : [])],
      {
        timeoutMs: buildMs,
        signal,
        env: { NIX_SSHOPTS: options.sshOptions.join(' ') },
        onLine(line) {
          last.add(line);
          onLine(line);
        },
      },
    );
    mustBeInstalled(result, 'nixos-rebuild');
    return readOutcome(result.exitCode ?? 1, last.lines());
  }
}

/**
 * nixos-rebuild 25.05 is a shell script with flags of its own, for which its successor warns (nixpkgs
 * pkgs/by-name/ni/nixos-rebuild-ng, pkgs/os-specific/linux/nixos-rebuild): taken are those that `--help` names.
 */
async function spelling(run: RunProcess, signal: AbortSignal) {
  const { stdout, stderr } = await run('nixos-rebuild', ['--help'], { timeoutMs: 30_000, signal });
  const help = `${stdout}${stderr}`.replaceAll('--use-remote-sudo', () => '--USE');
  const old = help.includes('--USE') && !/--sudo\b/.test(help);
  return { sudo: [old ? '--use-remote-sudo' : '--sudo'], noReexec: [old ? '--fast' : '--no-reexec'] };
}

/** The program that evaluates, and its arguments. */
function evaluation(
  { flake, folder }: OnControllerOptions,
  include: readonly string[],
): [program: NixProgram, args: readonly string[]] {
  if (flake === undefined) {
    const how = ['--eval', '--strict', '--json', '--read-write-mode'];
    return ['nix-instantiate', [...how, '-E', fileExpression, ...include]];
  }
  const how = ['--extra-experimental-features', 'nix-command flakes', 'eval', '--json'];
  return ['nix', [...how, `path:${folder}#nixosConfigurations."${flake}".config`, '--apply', flakeFunction]];
}

function mustBePlain(sshOptions: readonly string[]): void {
  const broken = sshOptions.find((word) => /\s/.test(word));
  if (broken === undefined) return;
  throw new TruenameError('unsupported', `nix cannot be given an ssh option with a space in it: ${broken}`, {
    hint: 'Use a --state-dir without spaces in its path.',
  });
}

/** An absolute path is read where it is evaluated, so the guest would get the disks of this machine. */
function mustNotTakeHardware({ configuration }: BuildSource): void {
  const own = ownConfigurationIn(configuration.absolute);
  if (own === undefined) return;
  throw new TruenameError(
    'unsupported',
    `the configuration reads ${own}, and here that is of this machine, with its hardware`,
    { hint: 'Build in the guest instead: --build-on target.' },
  );
}
