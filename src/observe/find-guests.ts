import pLimit from 'p-limit';
import type { Address } from '../domain/address.ts';
import { TruenameError } from '../domain/error.ts';
import type { GuestConfiguration, GuestSummary } from '../domain/guest.ts';
import { type GuestSelector, parseGuestSelector } from '../domain/guest-selector.ts';
import { livingLeases } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import { sameName } from '../domain/name.ts';
import type { DhcpServer, Hypervisor } from '../domain/ports.ts';
import { labelsIn, type Segment } from '../domain/segment.ts';

/** Where guests are looked for. */
export interface FindSources {
  readonly hypervisor: Hypervisor;
  readonly segments: readonly Segment[];
  readonly dhcpServer: (id: string) => DhcpServer;
}

/** Configurations read at once when a guest is looked for by its MAC address: no list holds them. */
const configurationsAtOnce = 8;

/**
 * The guests that the given words stand for, each once, in the order given. Throws `usage` for a word that can
 * name no guest, `not-found`, and `guest-ambiguous` where a name stands for several.
 */
export async function findGuests(
  sources: FindSources,
  given: readonly string[],
  inventory: readonly GuestSummary[],
  signal: AbortSignal,
): Promise<GuestSummary[]> {
  const find = guestFinder(sources, inventory, signal);
  const found: GuestSummary[] = [];
  for (const word of given) {
    const guest = await find(word);
    if (!found.some((each) => each.ref.vmid === guest.ref.vmid)) found.push(guest);
  }
  return found;
}

/** The same for one word after the other, throwing the same; the cluster's configurations are read once for all of them. */
export function guestFinder(
  sources: FindSources,
  inventory: readonly GuestSummary[],
  signal: AbortSignal,
): (word: string) => Promise<GuestSummary> {
  const configurations = once(() => readConfigurations(sources, inventory, signal));
  return async (word) => {
    const selector = parseGuestSelector(word);
    if (selector === undefined) {
      throw new TruenameError('usage', `${JSON.stringify(word)} can name no guest`, {
        hint: 'Give a name, a number, node/number, a MAC address or an IPv4 address.',
      });
    }
    const guests = await select(sources, selector, inventory, configurations, signal);
    return theOne(guests, word, sources.hypervisor.id);
  };
}

/** What could be read of several sources. */
interface Partly<T> {
  readonly read: readonly T[];
  /** Why one of them could not be read; absent when all were. */
  readonly unread?: unknown;
}

interface Configured {
  readonly guest: GuestSummary;
  readonly configuration: GuestConfiguration;
}

async function select(
  sources: FindSources,
  selector: GuestSelector,
  inventory: readonly GuestSummary[],
  configurations: () => Promise<Partly<Configured>>,
  signal: AbortSignal,
): Promise<GuestSummary[]> {
  if (selector.by === 'vmid') {
    return inventory.filter(
      ({ ref }) => ref.vmid === selector.vmid && (selector.node === undefined || ref.node === selector.node),
    );
  }
  if (selector.by === 'name') {
    const listed = named(selector.name, sources.segments, inventory);
    return listed.length > 0
      ? listed
      : named(selector.name, sources.segments, await fresh(sources, inventory, signal));
  }
  const leased =
    selector.by === 'mac' ? { read: [selector.mac] } : await macsAt(sources, selector.address, signal);
  const { read, unread = leased.unread } = await configurations();
  const found = read.filter(({ configuration }) =>
    configuration.nics.some(
      ({ mac, ipv4 }) =>
        leased.read.includes(mac) ||
        (selector.by === 'address' && typeof ipv4 === 'object' && ipv4.fixed === selector.address),
    ),
  );
  // Who was not found may be among what nobody could read.
  if (found.length === 0 && unread !== undefined) throw unread;
  return found.map(({ guest }) => guest);
}

/** A fresh clone is listed without its name for some seconds: its configuration has it. */
async function fresh(
  sources: FindSources,
  inventory: readonly GuestSummary[],
  signal: AbortSignal,
): Promise<GuestSummary[]> {
  const nameless = inventory.filter((each) => each.name === undefined);
  const { read } = await readConfigurations(sources, nameless, signal);
  return read.map(({ guest, configuration }) => ({ ...guest, name: configuration.name }));
}

/** By the whole name as the hypervisor has it, else by its first label under the domain of a segment. */
function named(
  name: string,
  segments: readonly Segment[],
  inventory: readonly GuestSummary[],
): GuestSummary[] {
  const whole = inventory.filter((each) => sameName(each.name, name));
  if (whole.length > 0) return whole;
  const labels = labelsIn(name, segments);
  return inventory.filter((each) => labels.some((label) => sameName(each.name, label)));
}

async function macsAt(
  { segments, dhcpServer }: FindSources,
  address: Address,
  signal: AbortSignal,
): Promise<Partly<Mac>> {
  const servers = [...new Set(segments.map((each) => each.dhcpServer))];
  const { read, ...rest } = await partly(
    servers.map(async (id) => dhcpServer(id).leases(signal)),
    signal,
  );
  const macs = read.flatMap((table) =>
    livingLeases(table)
      .filter((lease) => lease.address === address)
      .map((lease) => lease.mac),
  );
  return { read: macs, ...rest };
}

async function readConfigurations(
  { hypervisor }: FindSources,
  inventory: readonly GuestSummary[],
  signal: AbortSignal,
): Promise<Partly<Configured>> {
  const limit = pLimit(configurationsAtOnce);
  return partly(
    inventory.map((guest) =>
      limit(async () => ({ guest, configuration: await hypervisor.configuration(guest, signal) })),
    ),
    signal,
  );
}

async function partly<T>(readings: readonly Promise<T>[], signal: AbortSignal): Promise<Partly<T>> {
  const settled = await Promise.allSettled(readings);
  signal.throwIfAborted();
  const failed = settled.find((each) => each.status === 'rejected');
  return {
    read: settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    ...(failed === undefined ? {} : { unread: failed.reason }),
  };
}

function theOne(guests: readonly GuestSummary[], word: string, where: string): GuestSummary {
  const [guest, ...more] = guests;
  if (guest === undefined) {
    throw new TruenameError('not-found', `no guest that this login can see is ${word}`, {
      where,
      hint: 'Guests without VM.Audit for this login are hidden from it.',
    });
  }
  if (more.length === 0) return guest;
  const list = guests.map(({ ref, name }) => `${ref.node}/${ref.vmid} (${name ?? 'without a name'})`);
  throw new TruenameError('guest-ambiguous', `${word} may be ${list.join(', ')}`, {
    where,
    hint: 'Name it by its number.',
  });
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
