import type { Command } from 'commander';
import type { ReservationRun } from '../apply/reserve/result.ts';
import { type Address, parseIpv4 } from '../domain/address.ts';
import { TruenameError } from '../domain/error.ts';
import { reservationExitCodes } from '../domain/exit-code.ts';
import { hasFilter, type Selection } from '../observe/select-guests.ts';
import { endOfRun } from './end-of-run.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import { selectionOf } from './guest-selection.ts';
import type { Output } from './output.ts';
import { addReservationOptions, type ReservationOptions, reportReservations } from './reservation-options.ts';
import { configurationOf, wholeNumber, wireOptionsOf } from './site-options.ts';

/** Options of `truename reserve`, as commander reads them. */
interface ReserveOptions extends ReservationOptions {
  readonly ip?: string;
  readonly adopt?: true;
  readonly takeName?: true;
}

/** Adds `truename reserve`; `onEnd` is told its exit code. */
export function addReserve(program: Command, output: Output, onEnd: (exitCode: number) => void): void {
  const command = program
    .command('reserve')
    .summary("tie a guest's MAC address to its name at its DHCP server, whatever the guest says")
    .description(
      'Reserves the name that a guest has at the hypervisor for its MAC address, at the DHCP server of its segment: all guests of a server in one write, which is then read back, and taken back where the server does not take it up. Needs no access to the guest, and sends it no packet. What somebody else reserved is shown and left.',
    )
    .argument('[guest...]', 'name, number, node/number, MAC address or IPv4 address')
    .option('--ip <address>', 'reserve this address with it; for one guest')
    .option('--adopt', "put Truename's above a reservation that somebody else made for the MAC address")
    .option('--take-name', 'go on although another machine has the name');
  addReservationOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  truename reserve myvm --dry-run\n  truename reserve myvm 611\n  truename reserve myvm --ip 10.2.10.50\n  truename reserve --pool web --dry-run',
    )
    .addHelpText('after', exitCodeHelp(reservationExitCodes))
    .action(async (guests: string[], options: ReserveOptions) => {
      const run = () => runReserve(guests, options, output);
      onEnd(await reportReservations('reserve', run, options, output));
    });
}

async function runReserve(
  words: readonly string[],
  options: ReserveOptions,
  output: Output,
): Promise<ReservationRun> {
  const selection = selectionOf(words, options, 'reserve');
  const address = addressOf(options, selection);
  const seconds = wholeNumber('--timeout', options.timeout, 86_400);
  const configuration = await configurationOf(options);
  const [{ wireReserve }, { reserve }, { selectGuests }, { rolesOf }] = await Promise.all([
    import('./wire-reserve.ts'),
    import('../apply/reserve/reserve.ts'),
    import('../observe/select-guests.ts'),
    import('./wire-fix.ts'),
  ]);
  const signal = endOfRun(seconds);
  const { dryRun, nic, yes, adopt, takeName } = options;
  const command = dryRun === true ? undefined : 'reserve';
  const { run, sources, close } = await wireReserve(configuration, command, wireOptionsOf(options));
  try {
    const [roles, inventory] = await Promise.all([rolesOf(configuration), sources.hypervisor.guests(signal)]);
    const selected = await selectGuests(sources, selection, inventory, signal);
    const guests = selected.map(({ guest }) => guest);
    const policy = {
      roles,
      templates: configuration.templateNames,
      nodes: [...new Set(inventory.map(({ ref }) => ref.node))],
      takeName: takeName === true,
      adopt: adopt === true,
    };
    const request = {
      run,
      guests,
      inventory,
      policy,
      ...(nic === undefined ? {} : { slot: nic }),
      ...(address === undefined ? {} : { address }),
      yes: yes === true,
    };
    return await reserve(request, sources, (line) => output.progress(`${line}\n`), signal);
  } finally {
    await close();
  }
}

function addressOf({ ip }: ReserveOptions, selection: Selection): Address | undefined {
  if (ip === undefined) return undefined;
  const address = parseIpv4(ip);
  if (address === undefined) throw new TruenameError('usage', `--ip ${ip} is no IPv4 address`);
  if (selection.words.length === 1 && !hasFilter(selection)) return address;
  throw new TruenameError('usage', '--ip is for one guest', { hint: 'Reserve the others in another run.' });
}
