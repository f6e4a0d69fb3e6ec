import { SourceError, TruenameError } from '../../domain/error.ts';
import type { SystemBuilder } from '../../domain/ports.ts';
import type { ProcessResult, RunProcess } from '../../lib/process.ts';
import { readName, readOutcome, tail } from './outcome.ts';

/** What is built here, and whose it becomes. */
export interface OnControllerOptions {
  readonly run: RunProcess;
  /** Path of the configuration on this machine. */
  readonly file: string;
  /** `USER@NAME` for ssh. */
  readonly targetHost: string;
  /** Options of ssh(1) that lead there and trust the pinned key, as separate words without spaces. */
  readonly sshOptions: readonly string[];
  /** The user at the target is not root. */
  readonly sudo: boolean;
}

/** Builds on this machine and copies the result; needs nix and nixos-rebuild here. */
export function buildOnController(options: OnControllerOptions): SystemBuilder {
  const include = ['-I', `nixos-config=${options.file}`];
  return {
    where: 'controller',
    async prepare() {
      const broken = options.sshOptions.find((word) => /\s/.test(word));
      if (broken === undefined) return;
      throw new TruenameError(
        'unsupported',
        `nix cannot be given an ssh option with a space in it: ${broken}`,
        {
          hint: 'Use a --state-dir without spaces in its path.',
        },
      );
    },
    async declaredName(signal) {
      const args = [
        '--eval',
        '--json',
        '<nixpkgs/nixos>',
        '--attr',
        'config.networking.hostName',
        ...include,
      ];
      const result = await options.run('nix-instantiate', args, { timeoutMs: 600_000, signal });
      mustBeInstalled(result, 'nix-instantiate');
      const declared = result.exitCode === 0 ? readName(result.stdout) : undefined;
      if (declared !== undefined) return declared;
      throw new TruenameError(
        'build-failed',
        `the configuration does not evaluate:\n${result.stderr.trim()}`,
        {
          where: options.file,
          hint: 'Nothing was activated; mend the configuration and run this again.',
        },
      );
    },
    async switch(onLine, signal) {
      const last = tail();
      const sudo = options.sudo ? ['--sudo'] : [];
      const result = await options.run(
        'nixos-rebuild',
        ['switch', '--no-flake', '--no-reexec', '--target-host', options.targetHost, ...sudo, ...include],
        {
          timeoutMs: 3_600_000,
          signal,
          env: { NIX_SSHOPTS: options.sshOptions.join(' ') },
          onLine(line) {
            last.add(line);
            onLine(line);
          },
        },
      );
      mustBeInstalled(result, 'nixos-rebuild');
      return readOutcome(result.exitCode ?? 255, last.lines());
    },
  };
}

function mustBeInstalled(result: ProcessResult, program: string): void {
  if (result.ended !== 'not-found') return;
  throw new SourceError('program-missing', 'this machine', `${program} is not installed here`, {
    hint: 'Build in the guest instead: --build-on target.',
  });
}
