import { readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { BuildSource } from '../adapters/nixos-rebuild/build-source.ts';
import { readConfigurationFiles, readFlakeFiles } from '../adapters/nixos-rebuild/configuration-files.ts';
import { mustBuildHere } from '../adapters/nixos-rebuild/installed.ts';
import { installedModule } from '../adapters/nixos-rebuild/module-json.ts';
import { buildOnController } from '../adapters/nixos-rebuild/on-controller.ts';
import { buildOnTarget } from '../adapters/nixos-rebuild/on-target.ts';
import { mustHaveSsh } from '../adapters/openssh/installed.ts';
import { type SshTarget, sshArguments } from '../adapters/openssh/target.ts';
import { TruenameError } from '../domain/error.ts';
import type { Shell } from '../domain/ports.ts';
import type { SystemBuilder } from '../domain/system-builder.ts';
import { runProcess } from '../lib/process.ts';
import type { RebuildRequest, TravellingConfiguration } from '../provision/rebuild/context.ts';
import { runFolder } from './run-folder.ts';

/** On which guest is built. */
export interface BuilderChoice {
  readonly shell: Shell;
  readonly target: SshTarget;
}

/** The configuration of one run, read once, and the builders for it. */
export interface WiredConfiguration {
  /** Reads it; throws `program-missing` where this machine lacks a program without which the run would end later. */
  read(): Promise<TravellingConfiguration>;
  /** The builder at the place that was asked for. */
  builder(where: SystemBuilder['where'], choice: BuilderChoice): Promise<SystemBuilder>;
  /** Removes what was copied for it on this machine. */
  close(): Promise<void>;
}

/** What this request builds. */
export function wireConfiguration(request: RebuildRequest): WiredConfiguration {
  const { name, flake, nixpkgs, buildOn } = request;
  const reading = once(() => readSource(request));
  let folder: string | undefined;
  return {
    async read() {
      const signal = AbortSignal.timeout(60_000);
      await mustHaveSsh(runProcess, signal);
      if (buildOn === 'controller') await mustBuildHere(runProcess, request, signal);
      const { files, bytes, notes } = await reading();
      return { files: files.map(({ path }) => path), bytes, notes };
    },
    async builder(where, { shell, target }) {
      const source: BuildSource = {
        name,
        configuration: await reading(),
        ...(flake === undefined ? {} : { flake }),
        ...(nixpkgs === undefined ? {} : { nixpkgs }),
      };
      if (where === 'target') return buildOnTarget({ ...source, shell });
      folder = await runFolder();
      if (folder === undefined) throw nowhere();
      return buildOnController({
        ...source,
        run: runProcess,
        folder: join(folder, 'configuration'),
        shell,
        targetHost: `${target.user}@${target.address ?? target.name}`,
        // nix-copy-closure and nixos-rebuild add the host themselves, and connections of their own.
        sshOptions: sshArguments(target, undefined).slice(0, -2),
        sudo: target.user !== 'root',
      });
    },
    async close() {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function nowhere(): TruenameError {
  return new TruenameError(
    'state-unwritable',
    'this machine has no folder for temporary files that may be written',
    {
      hint: 'Build in the guest (--build-on target), or give the unit a RuntimeDirectory.',
    },
  );
}

/** What would travel of a configuration file on this machine; throws where it, or what it imports, cannot be read. */
export async function readTravelling(file: string): Promise<TravellingConfiguration> {
  const { files, bytes } = await readConfigurationFiles(file);
  return { files: files.map(({ path }) => path), bytes, notes: [] };
}

async function readSource({ configuration, flake, name }: RebuildRequest) {
  if (flake !== undefined) return { ...(await readFlakeFiles(configuration)), notes: [] };
  const read = await readConfigurationFiles(configuration);
  const path = join(homedir(), 'config', `${name}.json`);
  return installedModule(read, { path, text: () => readFile(path) });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
