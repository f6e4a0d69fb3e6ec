import { SourceError } from '../../domain/error.ts';
import type { ProcessResult, RunProcess } from '../../lib/process.ts';

/** Programs of Nix and of NixOS that a build on this machine runs, and what a person calls the package. */
const packages = {
  'nix-instantiate': { name: 'nix', install: 'Install Nix here' },
  nix: { name: 'nix', install: 'Install Nix here' },
  'nixos-rebuild': {
    name: 'nixos-rebuild',
    install: 'Install nixos-rebuild here (nixpkgs has it as nixos-rebuild-ng)',
  },
} as const;

/** A program in {@link packages}. */
export type NixProgram = keyof typeof packages;

/** Throws `program-missing` where the program could not be started because there is none. */
export function mustBeInstalled(result: Pick<ProcessResult, 'ended'>, program: NixProgram): void {
  if (result.ended !== 'not-found') return;
  const { name, install } = packages[program];
  const which = program === name ? '' : ` (${program})`;
  throw new SourceError('program-missing', 'this machine', `${name}${which} is not on the PATH here`, {
    hint: `${install}, or build in the guest instead: --build-on target.`,
  });
}

/**
 * Throws `program-missing` where this machine lacks a program that a build on it needs, before anybody is asked or
 * anything is written. What the programs answer is not looked at.
 */
export async function mustBuildHere(
  run: RunProcess,
  { flake }: { readonly flake?: string },
  signal: AbortSignal,
): Promise<void> {
  const evaluator = flake === undefined ? 'nix-instantiate' : 'nix';
  mustBeInstalled(await run(evaluator, ['--version'], { timeoutMs: 30_000, signal }), evaluator);
  const builder = 'nixos-rebuild';
  mustBeInstalled(await run(builder, ['--help'], { timeoutMs: 30_000, signal }), builder);
}
