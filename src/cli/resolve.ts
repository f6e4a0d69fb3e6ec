import type { Command } from 'commander';
import { asTruenameError, TruenameError } from '../domain/error.ts';
import { resolveExitCodes } from '../domain/exit-code.ts';
import type { GuestSummary } from '../domain/guest.ts';
import { endOfRun } from './end-of-run.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import type { Output } from './output.ts';
import type { ResolvedGuest } from './resolve-report.ts';
import {
  addConfigOption,
  configurationOf,
  type SiteOptions,
  wholeNumber,
  wireOptionsOf,
} from './site-options.ts';

/** Options of `truename resolve`, as commander reads them. */
interface ResolveOptions extends Omit<SiteOptions, 'stateDir'> {
  readonly nic?: string;
  readonly json?: true;
  readonly timeout: string;
}

/** Guests looked up together: more would only wait for one another's servers. */
const guestsAtOnce = 8;

/** Adds `truename resolve`; `onEnd` is told its exit code. */
export function addResolve(program: Command, output: Output, onEnd: (exitCode: number) => void): void {
  const command = program
    .command('resolve')
    .summary(
      "ask every resolver of a guest's segment for its name and its address, and say where the name is lost",
    )
    .description(
      'Reads the lease of a guest, and asks each resolver of its segment directly for A, AAAA and PTR, with the seconds for which an address may still be remembered. Compares the answers with the lease table, and with what the resolver says of another lease: so it tells a lease that is not registered from a domain or a reverse zone that is not forwarded, from an entry that shadows the lease, and from a PTR that was left behind. Changes nothing; asking leaves a negative answer behind in a resolver that keeps some. How old such an answer is, resolvers do not tell by node:dns.',
    )
    .argument('<guest...>', 'name, number, node/number, MAC address or IPv4 address')
    .option('--nic <slot>', 'the network interface, such as net1')
    .option('--json', 'print one JSON document on stdout (see docs/reference/resolve-report.md)')
    .option('--timeout <seconds>', 'give up after this time', '120');
  addConfigOption(command)
    .option('--hypervisor <id>', 'hypervisor in the configuration (default: the first)')
    .addHelpText('after', '\nExamples:\n  truename resolve myvm\n  truename resolve myvm 611 --json')
    .addHelpText('after', exitCodeHelp(resolveExitCodes))
    .action(async (guests: string[], options: ResolveOptions) => {
      onEnd(await runResolve(guests, options, output));
    });
}

async function runResolve(
  words: readonly string[],
  options: ResolveOptions,
  output: Output,
): Promise<number> {
  const { resolveReport } = await import('./resolve-report.ts');
  let guests: readonly ResolvedGuest[] = [];
  let error: TruenameError | undefined;
  try {
    guests = await lookUp(words, options);
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const report = resolveReport(guests, error);
  if (options.json === true) output.result(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const { renderResolve } = await import('./render/resolve.ts');
    output.result(`${renderResolve(report, error, output.colour).join('\n')}\n`);
  }
  return report.exitCode;
}

async function lookUp(words: readonly string[], options: ResolveOptions): Promise<ResolvedGuest[]> {
  const seconds = wholeNumber('--timeout', options.timeout, 86_400);
  const configuration = await configurationOf(options);
  const [
    { wireReserve },
    { locateGuest },
    { resolveGuest },
    { findLosses },
    { findGuests },
    { default: pLimit },
  ] = await Promise.all([
    import('./wire-reserve.ts'),
    import('../apply/reserve/locate.ts'),
    import('../observe/resolve-guest.ts'),
    import('../plan/find-losses.ts'),
    import('../observe/find-guests.ts'),
    import('p-limit'),
  ]);
  const signal = endOfRun(seconds);
  const { sources, close } = await wireReserve(configuration, undefined, wireOptionsOf(options));
  const reverseRequired = configuration.prove.includes('reverse');
  const one = async (guest: GuestSummary): Promise<ResolvedGuest> => {
    const { ref, name = String(ref.vmid) } = guest;
    const told = { name, node: ref.node, vmid: ref.vmid };
    try {
      const { nic, segment, subject } = await locateGuest(sources, guest, options.nic, signal);
      const { fqdn, wanted, where } = subject;
      if (fqdn === undefined)
        throw new TruenameError('name-refused', `"${wanted}" is no host name`, { where });
      const nics = subject.place.nics.map((each) => each.nic);
      const resolution = await resolveGuest(sources, { nic, nics, segment, fqdn, wanted }, signal);
      return {
        ...told,
        resolution,
        losses: findLosses(resolution, { wanted, domain: segment.domain, reverseRequired }),
      };
    } catch (error) {
      signal.throwIfAborted();
      return { ...told, error: asTruenameError(error) };
    }
  };
  try {
    const guests = await findGuests(sources, words, await sources.hypervisor.guests(signal), signal);
    const limit = pLimit(guestsAtOnce);
    return await Promise.all(guests.map((guest) => limit(() => one(guest))));
  } finally {
    await close();
  }
}
