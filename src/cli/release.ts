import type { Command } from 'commander';
import type { ReservationRun } from '../apply/reserve/result.ts';
import { reservationExitCodes } from '../domain/exit-code.ts';
import { endOfRun } from './end-of-run.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import { selectionOf } from './guest-selection.ts';
import type { Output } from './output.ts';
import { addReservationOptions, type ReservationOptions, reportReservations } from './reservation-options.ts';
import { configurationOf, wholeNumber, wireOptionsOf } from './site-options.ts';

/** Adds `truename release`; `onEnd` is told its exit code. */
export function addRelease(program: Command, output: Output, onEnd: (exitCode: number) => void): void {
  const command = program
    .command('release')
    .summary('take back what Truename reserved for a guest, and nothing else')
    .description(
      "Takes back Truename's reservations of guests at every DHCP server of the configuration, and nothing that somebody else made. A lease keeps its name until its guest asks again, and bears what the guest says from then on; a warning says where that was a template's name.",
    )
    .argument(
      '[guest...]',
      'as reserve takes them; of a guest that is gone, the reserved name or MAC address',
    );
  addReservationOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  truename release myvm --dry-run\n  truename release myvm 611\n  truename release bc:24:11:00:00:01\n  truename release --tag old --dry-run',
    )
    .addHelpText('after', exitCodeHelp(reservationExitCodes))
    .action(async (guests: string[], options: ReservationOptions) => {
      const run = () => runRelease(guests, options, output);
      onEnd(await reportReservations('release', run, options, output));
    });
}

async function runRelease(
  words: readonly string[],
  options: ReservationOptions,
  output: Output,
): Promise<ReservationRun> {
  const seconds = wholeNumber('--timeout', options.timeout, 86_400);
  const selection = selectionOf(words, options, 'release');
  const configuration = await configurationOf(options);
  const [{ wireReserve }, { release }, { hasFilter, selectGuests }] = await Promise.all([
    import('./wire-reserve.ts'),
    import('../apply/reserve/release.ts'),
    import('../observe/select-guests.ts'),
  ]);
  const signal = endOfRun(seconds);
  const { dryRun, nic, yes } = options;
  const command = dryRun === true ? undefined : 'release';
  const { run, sources, close } = await wireReserve(configuration, command, wireOptionsOf(options));
  try {
    const inventory = await sources.hypervisor.guests(signal);
    // Words may name what has no guest any more, so they are looked up with the reservations.
    const selected = hasFilter(selection)
      ? await selectGuests(sources, { ...selection, words: [] }, inventory, signal)
      : [];
    const request = {
      run,
      words,
      guests: selected.map(({ guest }) => guest),
      inventory,
      templates: configuration.templateNames,
      ...(nic === undefined ? {} : { slot: nic }),
      yes: yes === true,
    };
    return await release(request, sources, (line) => output.progress(`${line}\n`), signal);
  } finally {
    await close();
  }
}
