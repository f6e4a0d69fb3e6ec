import type { Command } from 'commander';
import type { Configuration } from '../config/configuration.ts';
import { TruenameError } from '../domain/error.ts';

/** Options that say which site a command is about. */
export interface SiteOptions {
  readonly config?: string;
  readonly hypervisor?: string;
  readonly stateDir?: string;
}

/** Adds `--config`, which every command has that asks anybody. */
export function addConfigOption(command: Command): Command {
  return command.option(
    '--config <file>',
    'configuration file (default: truename.yaml, upwards from here; without one the TAPPaaS conventions hold)',
  );
}

/** Adds all of {@link SiteOptions}; `kept` is what this command keeps in the state directory, left out where that is nothing. */
export function addSiteOptions(command: Command, kept?: string): Command {
  addConfigOption(command).option(
    '--hypervisor <id>',
    'hypervisor in the configuration (default: the first)',
  );
  if (kept === undefined) return command;
  return command.option(
    '--state-dir <folder>',
    `where ${kept} are kept (default: $STATE_DIRECTORY, or ~/.local/state/truename)`,
  );
}

/** The configuration that the options name, or the one that holds here. */
export async function configurationOf({ config }: Pick<SiteOptions, 'config'>): Promise<Configuration> {
  const [{ homedir }, { loadConfiguration }] = await Promise.all([
    import('node:os'),
    import('../config/load.ts'),
  ]);
  return loadConfiguration({
    workingDirectory: process.cwd(),
    homeDirectory: homedir(),
    ...(config === undefined ? {} : { path: config }),
  });
}

/** What the options say to the composition roots. */
export function wireOptionsOf({ hypervisor, stateDir }: SiteOptions) {
  return {
    ...(stateDir === undefined ? {} : { stateDirectory: stateDir }),
    ...(hypervisor === undefined ? {} : { hypervisor }),
  };
}

/** A whole number of an option; throws `usage` for anything else. */
export function wholeNumber(option: string, text: string, longest: number, least = 1): number {
  const value = Number(text);
  if (/^(?:0|[1-9]\d{0,8})$/.test(text) && value >= least && value <= longest) return value;
  throw new TruenameError('usage', `${option} needs a whole number from ${least} to ${longest}`);
}
