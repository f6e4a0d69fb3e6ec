import type { Command } from 'commander';
import { machinesAtOnce } from './examination.ts';
import { addSiteOptions, type SiteOptions, wholeNumber } from './site-options.ts';

/** Options that all commands have which only look. */
export interface LookOptions extends SiteOptions {
  readonly timeout: string;
  readonly watchWire?: string;
}

/** Adds them. */
export function addLookOptions(command: Command): Command {
  command
    .option(
      '--watch-wire <seconds>',
      'listen to the DHCP packets of each guest at its node for this time (needs ssh to the nodes)',
    )
    .option('--timeout <seconds>', 'give up after this time, listening aside', '300');
  return addSiteOptions(command, 'host keys');
}

/** What the options say of how these guests are looked at, and of the time for the whole run in seconds. */
export function lookingOf(guests: readonly string[], options: LookOptions) {
  const timeout = wholeNumber('--timeout', options.timeout, 86_400);
  const listening =
    options.watchWire === undefined ? undefined : wholeNumber('--watch-wire', options.watchWire, 3600);
  return {
    seconds: timeout + (listening ?? 0) * Math.ceil(guests.length / machinesAtOnce),
    request: {
      guests,
      site: options,
      ...(listening === undefined ? {} : { watchWireSeconds: listening }),
    },
  };
}
