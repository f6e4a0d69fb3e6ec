import { isIPv6 } from 'node:net';
import type { Command } from 'commander';
import { parseIpv4 } from '../domain/address.ts';
import { asTruenameError, TruenameError } from '../domain/error.ts';
import { leasesExitCodes } from '../domain/exit-code.ts';
import { parseMac } from '../domain/mac.ts';
import type { LeaseQuery, ServerLeases } from '../observe/search-leases.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import type { Output } from './output.ts';
import { addConfigOption, type SiteOptions, wholeNumber } from './site-options.ts';
import type { Wiring } from './wiring.ts';

/** Options of `truename leases`, as commander reads them. */
interface LeasesOptions extends Pick<SiteOptions, 'config'> {
  readonly server?: readonly string[];
  readonly mac?: string;
  readonly name?: string;
  readonly ip?: string;
  readonly ended?: true;
  readonly json?: true;
  readonly timeout: string;
}

/** Adds `truename leases`; `onEnd` is told its exit code. */
export function addLeases(
  program: Command,
  output: Output,
  onEnd: (exitCode: number) => void,
  wiring: Wiring,
): void {
  const command = program
    .command('leases')
    .summary('show who holds which address under which name, on every DHCP server; changes nothing')
    .description(
      'Reads the lease table of every DHCP server in the configuration at once, and shows who holds which address under which name, and until when. Says where a MAC address holds leases on several servers, where a name is held twice in one domain, and where an address lies in no segment of its server. Changes nothing, anywhere.',
    )
    .option('--server <id...>', 'only these servers, by their ids in the configuration (default: all)')
    .option('--mac <address>', 'only what this MAC address holds')
    .option('--name <name>', 'only what bears this name, alone or with the domain of a segment')
    .option('--ip <address>', 'only this address, IPv4 or IPv6')
    .option('--ended', 'leases that have ended as well, as far as the server still keeps them')
    .option('--json', 'print one JSON document on stdout (see docs/reference/leases-report.md)')
    .option('--timeout <seconds>', 'give up after this time', '60');
  addConfigOption(command)
    .addHelpText('after', '\nExamples:\n  truename leases\n  truename leases --name myvm --json')
    .addHelpText('after', exitCodeHelp(leasesExitCodes))
    .action(async (options: LeasesOptions) => {
      onEnd(await runLeases(options, output, wiring));
    });
}

async function runLeases(options: LeasesOptions, output: Output, wiring: Wiring): Promise<number> {
  const { leasesReport } = await import('./leases-report.ts');
  let query: LeaseQuery = { ended: options.ended === true };
  let read: readonly ServerLeases[] = [];
  let error: TruenameError | undefined;
  try {
    query = queryOf(options);
    read = await readAll(options, wiring);
  } catch (thrown) {
    error = asTruenameError(thrown);
  }
  const report = leasesReport(read, query, error);
  if (options.json === true) output.result(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const { renderLeases } = await import('./render/leases.ts');
    output.result(`${renderLeases(report, error, output.colour).join('\n')}\n`);
  }
  return report.exitCode;
}

/** What the options ask for; throws `usage` for what can be no MAC address, address or name. */
function queryOf({ mac, name, ip, ended }: LeasesOptions): LeaseQuery {
  const hardware = mac === undefined ? undefined : parseMac(mac);
  if (mac !== undefined && hardware === undefined)
    throw new TruenameError('usage', `--mac ${mac} is no MAC address`, {
      hint: 'Such as bc:24:11:00:00:01.',
    });
  if (ip !== undefined && parseIpv4(ip) === undefined && !isIPv6(ip))
    throw new TruenameError('usage', `--ip ${ip} is no IP address`);
  if (name === '') throw new TruenameError('usage', '--name is empty');
  return {
    ended: ended === true,
    ...(hardware === undefined ? {} : { mac: hardware }),
    ...(name === undefined ? {} : { name }),
    ...(ip === undefined ? {} : { address: ip.toLowerCase() }),
  };
}

async function readAll({ server, timeout, ...site }: LeasesOptions, wiring: Wiring): Promise<ServerLeases[]> {
  const seconds = wholeNumber('--timeout', timeout, 86_400);
  const configuration = await wiring.configuration(site);
  const known = configuration.dhcpServers.map(({ id }) => id);
  const asked = server === undefined ? known : [...new Set(server)];
  const stranger = asked.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    throw new TruenameError('usage', `no DHCP server is configured as ${stranger}`, {
      hint: known.length === 0 ? 'None is configured at all.' : `There is ${known.join(', ')}.`,
    });
  }
  if (asked.length === 0) {
    throw new TruenameError('configuration-invalid', 'no DHCP server is configured', {
      hint: 'Add one below dhcpServers in truename.yaml.',
    });
  }
  const [{ readLeases }, { failureIn }, { endOfRun }] = await Promise.all([
    import('../observe/search-leases.ts'),
    import('../apply/end-of-run.ts'),
    import('./end-of-run.ts'),
  ]);
  const signal = endOfRun(seconds);
  const { servers, now, close } = await wiring.leases(configuration, asked);
  try {
    return await readLeases(servers, configuration.segments, now, signal);
  } catch (thrown) {
    throw failureIn(signal, thrown);
  } finally {
    await close();
  }
}
