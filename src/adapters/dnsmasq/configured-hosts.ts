import { posix } from 'node:path';
import type { Address } from '../../domain/address.ts';
import type { DhcpRange, LeaseLimits } from '../../domain/dhcp-range.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { Collected } from './collect.ts';
import { type DhcpHost, parseDhcpHost } from './dhcp-host.ts';
import { defaultLeaseMax, parseDhcpRange, parseLeaseMax } from './dhcp-range.ts';
import { type OptionLine, readLine, readOption, reveal, splitValue } from './option-line.ts';

/** The reservations of a configuration, in the order in which they gain weight: the last one wins that is not passed over. */
export interface ConfiguredHosts {
  /** The configuration files that are read, in their order. */
  readonly files: readonly string[];
  readonly reservations: readonly Reservation[];
  /** What the configuration names and this user may not read: with any, the list may lack something. */
  readonly unreadable: readonly string[];
  /** Each dnsmasq with a command line of its own, in what matters to whoever writes reservations. */
  readonly processes: readonly ConfiguredProcess[];
}

/** What one dnsmasq is told of where it finds hosts, under which domains it registers them, and how much it leases. */
export interface ConfiguredProcess {
  /** Folders of hosts that it watches, in the order in which they are named. */
  readonly hostFolders: readonly string[];
  readonly domains: readonly string[];
  readonly limits: LeaseLimits;
}

/** What reading one process's configuration leads through. */
interface Walk {
  readonly collected: Collected;
  readonly reservations: Reservation[];
  readonly unreadable: Set<string>;
  readonly done: Set<string>;
  /** Those that a line has already. */
  readonly addresses: Set<Address>;
  readonly hostFiles: string[];
  readonly hostFolders: string[];
  readonly domains: string[];
  readonly ranges: DhcpRange[];
  most: LeaseLimits['most'];
}

/** The name of a command line as the place where a reservation stands. */
const commandLine = 'command line';

/**
 * Reads a collected configuration in dnsmasq's order (src/option.c, read_opts, one_file, reread_dhcp): the
 * command line with the first `conf-file` last, each file once; then the files of hosts, the last-named
 * first, then their folders. Processes with the same command line count once.
 */
export function configuredHosts(collected: Collected): ConfiguredHosts {
  const files = new Set<string>();
  const reservations: Reservation[] = [];
  const unreadable = new Set<string>();
  const processes: ConfiguredProcess[] = [];
  const distinct = new Map(collected.processes.map((options) => [options.join('\n'), options]));
  for (const options of distinct.values()) {
    const walk: Walk = {
      collected,
      reservations,
      unreadable,
      done: new Set(),
      addresses: new Set(),
      hostFiles: [],
      hostFolders: [],
      domains: [],
      ranges: [],
      most: undefined,
    };
    const read = options.map(verbatim);
    const first = read.find(({ key }) => key === 'conf-file');
    for (const option of read.filter((each) => each !== first)) apply(option, commandLine, walk);
    if (first !== undefined) apply(first, commandLine, walk);
    for (const path of walk.hostFiles.toReversed()) readHosts(path, walk);
    for (const path of walk.hostFolders.toReversed()) readHosts(path, walk);
    for (const path of walk.done) if (collected.files.has(path)) files.add(path);
    processes.push(processOf(walk));
  }
  return { files: [...files], reservations, unreadable: [...unreadable], processes };
}

function processOf({ hostFolders, domains, ranges, most }: Walk): ConfiguredProcess {
  const bound = most ?? { leases: defaultLeaseMax, file: 'default of dnsmasq' };
  return { hostFolders, domains, limits: { ranges, most: bound } };
}

function verbatim(option: string): OptionLine {
  const equals = option.indexOf('=');
  return { key: option.slice(0, equals), value: option.slice(equals + 1) };
}

function apply({ key, value }: OptionLine, file: string, walk: Walk): void {
  if (value === undefined) return;
  switch (key) {
    case 'dhcp-host':
      keep(parseDhcpHost(value), file, walk);
      return;
    case 'conf-file':
      readFile(reveal(value), walk);
      return;
    case 'conf-dir':
      readFolder(value, walk);
      return;
    case 'dhcp-hostsfile':
      walk.hostFiles.push(reveal(value));
      return;
    case 'dhcp-hostsdir':
      walk.hostFolders.push(reveal(value));
      return;
    case 'dhcp-range':
      keepRange(parseDhcpRange(value), file, walk);
      return;
    // A file counts before the command line, which comes first (src/option.c, one_opt).
    case 'dhcp-lease-max': {
      const leases = parseLeaseMax(value);
      if (leases !== undefined) walk.most = { leases, file };
      return;
    }
    case 'domain':
      walk.domains.push(...splitValue(value).slice(0, 1).map(reveal));
      return;
  }
}

function readFile(path: string, walk: Walk): void {
  if (walk.done.has(path)) return;
  walk.done.add(path);
  noteUnreadable(path, walk);
  for (const line of walk.collected.files.get(path) ?? []) {
    const option = readOption(line);
    if (option !== undefined) apply(option, path, walk);
  }
}

/** The files of a folder in order; suffixes narrow them down (dnsmasq(8), --conf-dir). */
function readFolder(value: string, walk: Walk): void {
  const [folder = '', ...suffixes] = splitValue(value).map(reveal);
  const wanted = suffixes.filter((each) => each.startsWith('*') && each !== '*').map((each) => each.slice(1));
  const refused = suffixes.filter((each) => each !== '' && !each.startsWith('*'));
  const ends = (path: string, suffix: string) => path.endsWith(suffix) && posix.basename(path) !== suffix;
  const { files, unreadable } = walk.collected;
  noteUnreadable(folder, walk);
  for (const path of within(folder, [...files.keys(), ...unreadable])) {
    if (wanted.length > 0 && !wanted.some((suffix) => ends(path, suffix))) continue;
    if (!refused.some((suffix) => ends(path, suffix))) readFile(path, walk);
  }
}

function readHosts(named: string, walk: Walk): void {
  const { hosts, unreadable } = walk.collected;
  noteUnreadable(named, walk);
  const paths = hosts.has(named) ? [named] : within(named, [...hosts.keys(), ...unreadable]);
  for (const path of paths) {
    noteUnreadable(path, walk);
    for (const line of hosts.get(path) ?? []) {
      const value = readLine(line);
      if (value !== undefined) keep(parseDhcpHost(value), path, walk);
    }
  }
}

/** The paths right in a folder in the order of strcmp(3), without backups and hidden files, as dnsmasq has it. */
function within(folder: string, paths: readonly string[]): string[] {
  const prefix = `${folder}/`;
  return [...new Set(paths)]
    .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
    .filter((path) => !/^\.|~$|^#.*#$/s.test(path.slice(prefix.length)))
    .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}

function noteUnreadable(path: string, walk: Walk): void {
  if (walk.collected.unreadable.has(path)) walk.unreadable.add(path);
}

function keepRange(range: ReturnType<typeof parseDhcpRange>, file: string, walk: Walk): void {
  if (range !== undefined) walk.ranges.push({ ...range, file });
}

/**
 * Keeps what one line says. A line with an address that an earlier one has is passed over whole (src/option.c, one_opt; tried: of two
 * in a file of hosts the first counts, also for one MAC address, and in the configuration dnsmasq does not start with them).
 */
function keep(hosts: readonly DhcpHost[], file: string, { reservations, addresses }: Walk): void {
  const given = hosts.flatMap(({ address }) => address ?? []);
  const passedOver = given.some((address) => addresses.has(address));
  for (const host of hosts) reservations.push({ ...host, file, ...(passedOver ? { passedOver } : {}) });
  for (const address of given) addresses.add(address);
}
