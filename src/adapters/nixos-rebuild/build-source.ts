import { createHash } from 'node:crypto';
import { TruenameError } from '../../domain/error.ts';
import type { ConfigurationFile, ConfigurationFiles } from './configuration-files.ts';

/** What is built for a VM. */
export interface BuildSource {
  /** The VM's name. */
  readonly name: string;
  readonly configuration: ConfigurationFiles;
  /** Name of the system in the flake; absent where the first file is the configuration. */
  readonly flake?: string;
  /** What `<nixpkgs>` stands for: a path on the machine that builds, or a URL; absent: that machine's own. */
  readonly nixpkgs?: string;
}

/** Options of nix-instantiate and nixos-rebuild that name what `<nixpkgs>` is. */
export function pinned({ nixpkgs }: Pick<BuildSource, 'nixpkgs'>): string[] {
  return nixpkgs === undefined ? [] : ['-I', `nixpkgs=${nixpkgs}`];
}

/** A name for a folder with just these files: another content has another name. */
export function contentName(name: string, files: readonly ConfigurationFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content, executable } of files)
    hash.update(`${path}\0${executable ? 'x' : ''}\0${content.length}\0`).update(content);
  return `${name}-${hash.digest('hex').slice(0, 16)}`;
}

/**
 * A configuration that imports another by its path, as a string of the Nix language, and may declare the VM's name above
 * whatever that says (mkForce, nixpkgs lib/modules.nix).
 */
export function wrapperOf(path: string, name: string | undefined): string {
  const imports = `imports = [ ${path} ];`;
  const text = name === undefined ? imports : `${imports}\n  networking.hostName = lib.mkForce "${name}";`;
  return `# Written by Truename.\n{ lib, ... }:\n{\n  ${text}\n}\n`;
}

/** An absolute path in the Nix language, whatever characters it has. */
export function nixPath(absolute: string): string {
  const text = absolute.replace(/[\\"]|\$(?=\{)/g, '\\$&');
  return `(/. + "${text}")`;
}

/** A flake is built as it is: there is no file of one's own that could be put above it. */
export function flakeNamesOther(name: string, flake: string): TruenameError {
  return new TruenameError(
    'configuration-names-other',
    `the system ${flake} of the flake declares another host name than ${name}`,
    { hint: `Declare networking.hostName = "${name}"; there, or give --keep-declared-name.` },
  );
}
