import type { Address } from '../domain/address.ts';
import { TruenameError } from '../domain/error.ts';
import type { Entry, EntryAttempt, EntryWay } from '../domain/evidence.ts';
import { type GuestConfiguration, type GuestSummary, isWindows } from '../domain/guest.ts';
import type { MachineIdentity } from '../domain/guest-facts.ts';
import type { Mac } from '../domain/mac.ts';
import { notObservable, type Observation, observed } from '../domain/observation.ts';
import type { GuestProbe, Hypervisor, Shell } from '../domain/ports.ts';
import type { GuestView } from '../domain/snapshot.ts';
import { failureOf } from './attempt.ts';
import { type Gathered, gather } from './gather.ts';
import { type GuestProbes, guestView } from './probes.ts';

/** The parts of the round trip, and the guest's public host keys, each as `type base64`. */
export type EntryProbes = GuestProbes & { readonly hostKeys: GuestProbe<readonly string[]> };

/** Where a guest is entered. */
export interface EntrySources {
  readonly hypervisor: Pick<Hypervisor, 'inside'>;
  readonly probes: EntryProbes;
  /** A session by ssh with the guest at this address. */
  readonly ssh: (address: Address) => Shell;
  readonly now: () => string;
  /** A signal that ends with the time for one way. */
  readonly bounded: () => AbortSignal;
}

/** Whom to enter. */
export interface EntrySubject {
  readonly guest: GuestSummary;
  readonly configuration: GuestConfiguration;
  readonly mac: Mac;
  /** Where ssh would go; undefined where nobody knows. Asked for only when the first way failed. */
  readonly address: () => Promise<Address | undefined>;
}

/** What one round trip showed, and by which way it went. */
export interface Entered {
  readonly guest: Observation<GuestView>;
  readonly hostKeys: readonly string[] | undefined;
  readonly entry: Entry;
  /** The way that worked, for further trips; absent when none did. */
  readonly shell?: Shell;
}

/**
 * One round trip into the guest, by the first way that works: through the hypervisor (guest agent, or the
 * container's node), which needs no network and cannot end in another machine; else by ssh, where the machine
 * must show the NIC's MAC address and the hypervisor's uuid before a word of it counts.
 */
export async function enterGuest(
  sources: EntrySources,
  subject: EntrySubject,
  signal: AbortSignal,
): Promise<Entered> {
  const { guest, configuration } = subject;
  const where = { source: `inside ${guest.ref.node}/${guest.ref.vmid}`, at: sources.now() };
  const without = (error: TruenameError): Entered => ({
    guest: notObservable(error, where),
    hostKeys: undefined,
    entry: { tried: [] },
  });
  if (isWindows(configuration))
    return without(new TruenameError('unsupported', 'Truename does not look into Windows guests'));
  if (guest.power === 'stopped')
    return without(new TruenameError('guest-off', `${guest.name ?? guest.ref.vmid} does not run`));

  const tried: EntryAttempt[] = [];
  for (const way of [throughHypervisor, bySsh]) {
    const found = await way(sources, subject);
    if ('outcome' in found) {
      tried.push(found);
      continue;
    }
    const until = sources.bounded();
    try {
      const { hostKeys, ...parts } = await gather(found.shell, sources.probes, subject.mac, until);
      const view = guestView(parts as Gathered<GuestProbes>);
      if (found.way === 'ssh') mustBeTheGuest(view.identity, subject);
      tried.push({ way: found.way, outcome: 'used', why: found.why });
      const seen = { source: found.shell.via, at: sources.now() };
      return { guest: observed(view, seen), hostKeys, entry: { way: found.way, tried }, shell: found.shell };
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = failureOf(error, until);
      tried.push({ way: found.way, outcome: 'failed', code, why: message });
    }
  }
  const last = tried.findLast((each) => each.outcome === 'failed') ?? tried.at(-1);
  const why = tried.map((each) => `${each.way}: ${each.why}`).join('; ');
  const error = new TruenameError(last?.code ?? 'unreachable', `nobody could enter the guest (${why})`);
  return { guest: notObservable(error, where), hostKeys: undefined, entry: { tried } };
}

/** A shell to try, or why this way is passed over. */
type Door = { readonly way: EntryWay; readonly shell: Shell; readonly why: string } | EntryAttempt;

async function throughHypervisor({ hypervisor }: EntrySources, subject: EntrySubject): Promise<Door> {
  const { guest, configuration } = subject;
  const way: EntryWay = guest.kind === 'vm' ? 'agent' : 'container-shell';
  const passedOver = (why: string): EntryAttempt => ({
    way,
    outcome: 'passed-over',
    code: 'unsupported',
    why,
  });
  if (guest.kind === 'vm' && !configuration.agentEnabled)
    return passedOver('the option agent is off at the hypervisor');
  const shell = hypervisor.inside?.(guest);
  if (shell !== undefined) return { way, shell, why: 'needs no network, and cannot end in another machine' };
  return passedOver('the hypervisor is reached in a way that does not lead into this kind of guest');
}

async function bySsh({ ssh }: EntrySources, subject: EntrySubject): Promise<Door> {
  const address = await subject.address();
  if (address !== undefined) return { way: 'ssh', shell: ssh(address), why: `at ${address}` };
  return {
    way: 'ssh',
    outcome: 'passed-over',
    code: 'address-not-found',
    why: 'no address is known that surely is the guest’s',
  };
}

function mustBeTheGuest(identity: MachineIdentity, { configuration, mac }: EntrySubject): void {
  const { uuid } = configuration;
  const sameMac = identity.macs.includes(mac);
  if (sameMac && (uuid === undefined || identity.uuid === uuid)) return;
  const shown = sameMac ? `its uuid is ${identity.uuid ?? 'not shown'}` : `it does not bear ${mac}`;
  throw new TruenameError('not-the-vm', `the machine that answers is another one: ${shown}`);
}
