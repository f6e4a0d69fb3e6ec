import type { Command } from 'commander';
import { addSiteOptions, type SiteOptions } from './site-options.ts';

/** Options of `truename clone`, as commander reads them. */
export interface CloneOptions extends SiteOptions {
  readonly from?: string;
  readonly vmid?: string;
  readonly node?: string;
  readonly target?: string;
  readonly full?: true;
  readonly storage?: string;
  readonly pool?: string;
  readonly segment?: string;
  /** `--reserve` is true, `--no-reserve` false; undefined for neither. */
  readonly reserve?: boolean;
  readonly start?: true;
  readonly nix?: string;
  readonly tappaas?: string;
  readonly count?: string;
  readonly namePattern?: string;
  readonly replace?: true;
  readonly rollback?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly events?: true;
  readonly timeout: string;
}

/** Adds them. */
export function addCloneOptions(command: Command): Command {
  command
    .option('--from <template>', 'what is copied: number, node/number or name of a template')
    .option(
      '--vmid <number>',
      'number of the clone; of several, the first one’s (default: the next free one)',
    )
    .option('--node <node>', 'node that is to have it (default: the template’s)')
    .option('--target <node>', 'the same as --node, as qm clone calls it')
    .option('--full', 'copy the disks, in place of standing on those of the template')
    .option('--storage <id>', 'where the disks of a full copy go')
    .option('--pool <name>', 'pool of which it becomes a member')
    .option('--segment <name>', 'segment of truename.yaml that it is plugged into (default: the template’s)')
    .option('--reserve', 'make nothing where no DHCP server takes the reservation of its name')
    .option('--no-reserve', 'reserve nothing: what the clone says of itself must be right')
    .option('--start', 'start it, and prove that it leases under its own name')
    .option('--nix <file>', 'go on with truename rebuild of this NixOS configuration; starts it')
    .option(
      '--tappaas <module.json>',
      'take name, number, node, template, zone, MAC address and size from a TAPPaaS module',
    )
    .option('--count <number>', 'make several, named by --name-pattern')
    .option('--name-pattern <pattern>', 'names of several: web-%02d is web-01, web-02, …')
    .option('--replace', 'take a name whose holder is gone')
    .option('--rollback', 'where a clone fails, take away all that this run made, and nothing else')
    .option('--dry-run', 'look, and say what would be made; change nothing')
    .option('--json', 'print one JSON document on stdout (see docs/reference/clone-report.md)')
    .option('--events', 'print each event as a line of JSON on stderr, in place of progress')
    .option('--timeout <seconds>', 'give up after this time', '1800');
  return addSiteOptions(command, 'journal and locks');
}
