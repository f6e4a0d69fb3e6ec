import type {
  ConfigurationFile,
  ConfigurationFiles,
} from '../../src/adapters/nixos-rebuild/configuration-files.ts';
import { buildOnTarget } from '../../src/adapters/nixos-rebuild/on-target.ts';
import type { SystemBuilder } from '../../src/domain/system-builder.ts';
import type { GivenScript, scriptedShell } from './scripted-shell.ts';

/** A configuration with all that shells and Nix could stumble over. */
export const text = `{ networking.hostName = "alpha"; } # '$(id)' ü\n`;

/** What nix-instantiate prints of it. */
export const evaluated = JSON.stringify({ name: 'alpha', path: '/nix/store/a-nixos' });

/** A file of a configuration; a script is executable. */
export function file(path: string, content = text): ConfigurationFile {
  return { path, content: Buffer.from(content), executable: path.endsWith('.sh') };
}

/** A configuration of these files. */
export function configuration(...files: readonly ConfigurationFile[]): ConfigurationFiles {
  return { files, absolute: [], bytes: files.reduce((sum, { content }) => sum + content.length, 0) };
}

/** Builds `alpha` through the shell. */
export function builder(
  shell: ReturnType<typeof scriptedShell>,
  changes: Partial<Parameters<typeof buildOnTarget>[0]> = {},
): SystemBuilder {
  return buildOnTarget({ shell, name: 'alpha', configuration: configuration(file('alpha.nix')), ...changes });
}

/** The texts that scripts carry as base64. */
export function carried(given: readonly GivenScript[]): string[] {
  return given.flatMap(({ args }) =>
    (args ?? []).map((each) => Buffer.from(each, 'base64').toString('utf8')),
  );
}
