import type { Command } from 'commander';
import { TruenameError } from '../domain/error.ts';
import type { Output } from './output.ts';

/** What a person says of a demo. */
export interface DemoOptions {
  readonly json?: true;
}

/** Plays the demo; true when every guest of it was proven. */
export type PlayDemo = (options: DemoOptions, output: Output) => Promise<boolean>;

/** Adds `truename demo`; `onEnd` is told its exit code. Without a way to play it, it says where there is one. */
export function addDemo(
  program: Command,
  output: Output,
  onEnd: (exitCode: number) => void,
  play: PlayDemo = nowhere,
): void {
  program
    .command('demo')
    .summary('play the main jobs on a simulated network; touches nothing')
    .description(
      'Clones guests, shows that they lease under the names of their templates, rebuilds or mends them, reboots them, and proves their names, all in the memory of this process: no machine, network or file is touched, and nothing need be installed or configured. The flows and what they print are the real ones; what they talk to is simulated.',
    )
    .option('--json', 'print one JSON document on stdout (see docs/reference/demo-report.md)')
    .addHelpText('after', '\nExample:\n  truename demo')
    .addHelpText('after', '\nExit codes:\n  0  Every guest was proven, twice.\n  1  One was not.')
    .action(async (options: DemoOptions) => {
      onEnd((await play(options, output)) ? 0 : 1);
    });
}

async function nowhere(): Promise<never> {
  throw new TruenameError('unsupported', 'this program was put together without its demo', {
    hint: 'Run truename demo of the package, or npm run demo in a checkout.',
  });
}
