import { readFile } from 'node:fs/promises';
import { buildOnController } from '../adapters/nixos-rebuild/on-controller.ts';
import { buildOnTarget } from '../adapters/nixos-rebuild/on-target.ts';
import { type SshTarget, sshArguments } from '../adapters/openssh/target.ts';
import { TruenameError } from '../domain/error.ts';
import type { Shell, SystemBuilder } from '../domain/ports.ts';
import { runProcess } from '../lib/process.ts';
import type { RebuildRequest } from '../provision/rebuild/context.ts';

/** For what, and on which guest, is built. */
export interface BuilderChoice {
  readonly request: RebuildRequest;
  readonly shell: Shell;
  readonly target: SshTarget;
}

/** The builder at the place that was asked for. */
export async function systemBuilder(
  where: SystemBuilder['where'],
  { request, shell, target }: BuilderChoice,
): Promise<SystemBuilder> {
  if (where === 'target') {
    const configuration = await readConfiguration(request.configuration);
    return buildOnTarget({ shell, name: request.name, configuration });
  }
  return buildOnController({
    run: runProcess,
    file: request.configuration,
    targetHost: `${target.user}@${target.address ?? target.name}`,
    // nix-copy-closure and nixos-rebuild add the host themselves, and connections of their own.
    sshOptions: sshArguments(target, undefined).slice(0, -2),
    sudo: target.user !== 'root',
  });
}

async function readConfiguration(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error) => {
    throw new TruenameError('usage', `the configuration ${path} cannot be read`, {
      where: path,
      hint: 'Name the Nix configuration of the VM as the fourth argument.',
      cause: error,
    });
  });
}
