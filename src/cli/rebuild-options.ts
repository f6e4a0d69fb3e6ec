import { type Command, Option } from 'commander';
import { addSiteOptions, type SiteOptions } from './site-options.ts';

/** Options of `truename rebuild`, as commander reads them. */
export interface RebuildOptions extends SiteOptions {
  readonly buildOn: 'target' | 'controller';
  readonly timeout: string;
  readonly dryRun?: true;
  readonly takeName?: true;
  readonly flake?: string;
  readonly nixpkgs?: string;
  readonly keepDeclaredName?: true;
  readonly rollbackOnFailure?: true;
  readonly waitLock: string;
  readonly reboot: boolean;
  readonly json?: true;
  readonly verbose?: true;
  readonly quiet?: true;
  readonly events?: true;
}

/** Adds them. */
export function addRebuildOptions(command: Command): Command {
  command
    .addOption(
      new Option('--build-on <where>', 'where to evaluate and build')
        .choices(['target', 'controller'])
        .default('target'),
    )
    .option(
      '--flake <folder#name>',
      'build this system of a flake, in place of a configuration file (the name is the VM’s where it is left out)',
    )
    .option(
      '--nixpkgs <path-or-url>',
      'what <nixpkgs> stands for: a folder on the machine that builds, or a URL',
    )
    .option(
      '--keep-declared-name',
      'build a configuration that names another machine as it is; it will not be proven',
    )
    .option(
      '--rollback-on-failure',
      'after an activation that failed put the system of before in force again',
    )
    .option(
      '--wait-lock <seconds>',
      'wait so long while a task of the cluster (backup, migration, snapshot) locks the VM',
      '600',
    )
    .option('--no-reboot', 'never reboot the VM; where its new system needs that, say so and end')
    .option('--dry-run', 'read everything, change nothing, and say what is wrong')
    .option('--take-name', 'go on although a resolver answers the name with another address')
    .option('--timeout <seconds>', 'give up after this time', '1800')
    .option('--json', 'print one JSON document on stdout (see docs/reference/report.md)')
    .option('--events', 'print each event as a line of JSON on stderr, in place of progress')
    .option('--verbose', 'show the output of the build')
    .option('--quiet', 'say nothing unless it is not proven, as for a timer');
  return addSiteOptions(command, 'host keys, locks and logs of builds');
}
