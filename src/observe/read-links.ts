import type { Address } from '../domain/address.ts';
import { TruenameError } from '../domain/error.ts';
import type { AgentInterface } from '../domain/guest.ts';
import type { Mac } from '../domain/mac.ts';
import { type Hostname, parseHostname } from '../domain/name.ts';
import { notObservable, type Observation, seenValue } from '../domain/observation.ts';
import { type Entered, enterGuest } from './entry.ts';
import type { ExamineSources } from './examine-sources.ts';
import { leaseIn } from './leases.ts';
import { usable } from './place.ts';
import { observeResolvers } from './resolvers.ts';
import { type Look, readServer } from './server-tables.ts';
import type { Subject } from './subject.ts';

/** How the links of one machine are looked at. */
export interface Looking {
  /** True when the guest's host keys are known here. */
  readonly pinned: boolean;
  /** The interfaces that its hypervisor shows. */
  readonly shown: Promise<Observation<readonly AgentInterface[]>>;
  readonly look: Look;
  /** Ends the whole run. */
  readonly signal: AbortSignal;
  /** A signal that also ends with the time for one look. */
  readonly bounded: () => AbortSignal;
}

/** The links from the guest to its names: each waits only for the address that it must have. */
export async function readLinks(
  sources: ExamineSources,
  subject: Subject,
  { pinned, shown, look, signal, bounded }: Looking,
) {
  const { place, fqdn, fixedAddress } = subject;
  const reading = readServer(sources, place.segment, look);
  const leasing = reading.leases.then((table) => leaseIn(table, place.nic));
  // Begun by those who wait for it: a promise that nobody awaits would end an interrupted process with its failure.
  const leased = async () => usable(seenValue(await leasing)?.lease.address, place);
  const entering = enter(
    sources,
    subject,
    { pinned, bounded, address: async () => (await leased()) ?? fixedAddress },
    signal,
  );
  const address = async () =>
    (await leased()) ??
    fixedAddress ??
    usable(onlyAddress(await entering) ?? onlyShown(await shown, place.nic?.mac), place);
  const resolvers = place.segment?.resolvers.map(sources.resolver) ?? [];
  const resolving =
    fqdn === undefined
      ? []
      : observeResolvers({ resolvers, now: sources.now, bounded }, fqdn, address(), signal);
  const [lease, table, reservations, entered, views] = await Promise.all([
    leasing,
    reading.leases,
    reading.reservations,
    entering,
    resolving,
  ]);
  return { lease, table, reservations, entered, resolvers: views };
}

async function enter(
  sources: ExamineSources,
  { guest, where, configuration, place, wanted, alias, fqdn }: Subject,
  way: { readonly address: () => Promise<Address | undefined> } & Pick<Looking, 'pinned' | 'bounded'>,
  signal: AbortSignal,
): Promise<Entered> {
  const { hypervisor, probes, now } = sources;
  const nobody = (guestSeen: Entered['guest']): Entered => ({
    guest: guestSeen,
    hostKeys: undefined,
    entry: { tried: [] },
  });
  if (configuration.seen === 'not-observable') return nobody(configuration);
  const mac = place.nic?.mac;
  if (configuration.seen === 'empty' || mac === undefined) {
    const error = new TruenameError('unsupported', 'the guest has no network interface');
    return nobody(notObservable(error, { source: where, at: now() }));
  }
  const name = parseHostname(wanted) ?? (`vm${guest.ref.vmid}` as Hostname);
  const ssh = (at: Address) =>
    sources.ssh({ guest, name, address: at, alias, ...(fqdn === undefined ? {} : { fqdn }) }, way.pinned);
  const subject = { guest, configuration: configuration.value, mac, address: way.address };
  return enterGuest({ hypervisor, probes, ssh, now, bounded: way.bounded }, subject, signal);
}

/** The only IPv4 address that the hypervisor shows at the MAC address; undefined where there are several or none. */
function onlyShown(shown: Awaited<Looking['shown']>, mac: Mac | undefined): Address | undefined {
  const [address, ...more] = (seenValue(shown) ?? [])
    .filter((each) => each.mac === mac)
    .flatMap((each) => each.addresses);
  return more.length === 0 ? address : undefined;
}

/** The only IPv4 address of the interfaces with the MAC address; undefined where there are several or none. */
function onlyAddress({ guest }: Entered): Address | undefined {
  const [address, ...more] = seenValue(guest)?.interfaces.flatMap((each) => each.addresses) ?? [];
  return more.length === 0 ? address?.address : undefined;
}
