import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

/** What one Nix command answered. */
export interface NixAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Real Nix on a store of its own in a temporary directory; the machine's store is neither read nor written. */
export interface IsolatedNix {
  /** The directory that holds the store and the configurations. */
  readonly directory: string;
  /** The environment in which Nix commands use this store. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes a configuration beside the others and returns its path. */
  writeConfiguration(name: string, text: string): Promise<string>;
  /** Evaluates an attribute of the system that a configuration describes; `stdout` is JSON. */
  evaluate(configuration: string, attribute: string): Promise<NixAnswer>;
  /** Builds the system that a configuration describes; `stdout` is its store path. */
  build(configuration: string): Promise<NixAnswer>;
  /** Removes everything, read-only store paths included. */
  dispose(): Promise<void>;
}

const channel = path.join(import.meta.dirname, 'nixpkgs');

/** Makes an empty store. Needs `nix-build` and `nix-instantiate` on the PATH, and no network. */
export async function createIsolatedNix(): Promise<IsolatedNix> {
  const directory = await mkdtemp(path.join(tmpdir(), 'lab-nix-'));
  const environment = {
    NIX_STORE_DIR: path.join(directory, 'store'),
    NIX_STATE_DIR: path.join(directory, 'state'),
    NIX_LOG_DIR: path.join(directory, 'log'),
    NIX_CONF_DIR: path.join(directory, 'conf'),
    NIX_CONFIG: 'sandbox = false\nbuild-users-group =\nsubstituters =\n',
    HOME: directory,
  };
  async function nix(command: string, configuration: string, rest: readonly string[]): Promise<NixAnswer> {
    const include = ['-I', `nixpkgs=${channel}`, '-I', `nixos-config=${configuration}`];
    const answer = await execa(command, ['<nixpkgs/nixos>', ...include, ...rest], {
      env: environment,
      reject: false,
    });
    return { exitCode: answer.exitCode ?? 255, stdout: answer.stdout, stderr: answer.stderr };
  }
  return {
    directory,
    environment,
    async writeConfiguration(name, text) {
      const file = path.join(directory, name);
      await writeFile(file, text);
      return file;
    },
    evaluate: (configuration, attribute) =>
      nix('nix-instantiate', configuration, ['--eval', '--strict', '--json', '--attr', attribute]),
    build: (configuration) =>
      nix('nix-build', configuration, ['--attr', 'config.system.build.toplevel', '--no-out-link', '--quiet']),
    async dispose() {
      await execa('chmod', ['-R', 'u+w', directory]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
