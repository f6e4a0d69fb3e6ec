import type { MendSources } from '../../src/apply/mend-sources.ts';
import { SourceError } from '../../src/domain/error.ts';
import type { FixEvent } from '../../src/domain/fix-event.ts';
import type { GuestSummary } from '../../src/domain/guest.ts';
import type { GuestWrite } from '../../src/domain/journal.ts';
import type { Lease } from '../../src/domain/lease.ts';
import type { DhcpServer, DnsAnswer, GuestProbe, Resolver, Restored, Shell } from '../../src/domain/ports.ts';
import type { Remedy } from '../../src/domain/remedy.ts';
import type { GuestView } from '../../src/domain/snapshot.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { carryOut, type GivenGuest, type WorldGuest, worldGuest } from './fix-guest.ts';
import { type FixMemory, fixMemory } from './fix-memory.ts';
import { mgmt } from './fix-subject.ts';

/** What differs from a world in which all goes well. */
export interface FixWorldChanges {
  /** In place of a rung that is carried out as the products do it; it may throw. */
  readonly apply?: (remedy: Remedy, guest: WorldGuest) => void;
  /** Whether the DHCP server is seen alive. */
  readonly alive?: () => ReturnType<DhcpServer['alive']>;
  /** What comes of putting a write back. */
  readonly restore?: (write: GuestWrite, guest: WorldGuest) => Restored;
  /** True: the state directory cannot be written. */
  readonly stateless?: true;
  /** Templates and others that the inventory holds as well. */
  readonly beside?: readonly GuestSummary[];
  /** True: the hypervisor can be asked to rename a guest. */
  readonly renames?: true;
  /** Numbers of guests that nobody can enter. */
  readonly closed?: readonly number[];
}

/** Hypervisor, guests, DHCP server, resolver and state of a mending, in memory. */
export interface FixWorld {
  readonly sources: MendSources;
  readonly memory: FixMemory;
  readonly clock: FakeClock;
  readonly guests: ReadonlyMap<number, WorldGuest>;
  readonly inventory: readonly GuestSummary[];
  readonly events: FixEvent[];
  readonly emit: (event: FixEvent) => void;
  /** All that happened, in its order, such as `look 610`, `alive`, `apply 610 force-renewal`. */
  readonly log: string[];
  guest(vmid: number): WorldGuest;
}

/** A world with these guests, in which nothing happened yet. */
export function fixWorld(given: readonly GivenGuest[], changes: FixWorldChanges = {}): FixWorld {
  const log: string[] = [];
  const clock = fakeClock();
  const guests = new Map(given.map((each) => [each.vmid, worldGuest(each)]));
  const memory = fixMemory(log);
  const events: FixEvent[] = [];
  const world: FixWorld = {
    sources: sourcesOf({ log, clock, guests, memory }, changes),
    memory,
    clock,
    guests,
    inventory: [...[...guests.values()].map((each) => each.summary), ...(changes.beside ?? [])],
    events,
    emit: (event) => events.push(event),
    log,
    guest: (vmid) => guestIn(guests, vmid),
  };
  return world;
}

/** What happened, without the looks, which change nothing. */
export function deeds({ log }: Pick<FixWorld, 'log'>): string[] {
  return log.filter((each) => !each.startsWith('look '));
}

type Parts = Pick<FixWorld, 'log' | 'clock' | 'guests' | 'memory'>;

function sourcesOf(parts: Parts, changes: FixWorldChanges): MendSources {
  const { log, clock, guests, memory } = parts;
  const vmidOf = (shell: Shell) => Number(/\d+$/.exec(shell.via)?.[0]);
  const { state, lastWritten } = memory;
  return {
    hypervisor: {
      id: 'pve',
      find: async (vmid) => guests.get(vmid)?.summary,
      guests: async () => [...guests.values()].map((each) => each.summary),
      configuration: async ({ ref }) => guestIn(guests, ref.vmid).configuration,
      ...(changes.renames === true ? { rename: renaming(parts) } : {}),
      inside: ({ ref }) => shellInto(parts, ref.vmid, changes.closed?.includes(ref.vmid) === true),
    },
    segments: [mgmt],
    dhcpServer: (id) => dhcpServer(parts, id, changes),
    resolver: (id) => resolver(guests, id),
    probes,
    hostKeys: { pinned: async () => undefined },
    ssh: () => ({
      via: 'ssh',
      run: () => Promise.reject(new SourceError('unreachable', 'OpenSSH', 'nobody goes by ssh here')),
    }),
    readSeed: () => {
      throw new Error('no guest here has cloud-init data');
    },
    capture: () => Promise.reject(new Error('nobody asked for the wire')),
    now: clock.now,
    async apply(shell, remedy) {
      const vmid = vmidOf(shell);
      log.push(`apply ${vmid} ${remedy.kind}`);
      clock.advance(100);
      (changes.apply ?? carry)(remedy, guestIn(guests, vmid));
    },
    async restore(shell, write) {
      const vmid = vmidOf(shell);
      log.push(`restore ${vmid} ${write.kind}`);
      return changes.restore?.(write, guestIn(guests, vmid)) ?? 'restored';
    },
    async reboot(ref) {
      log.push(`reboot ${ref.vmid}`);
    },
    reachability: {
      async watch(address) {
        log.push(`watch ${address}`);
        return {
          async stop() {
            log.push(`unwatch ${address}`);
            return { seen: true, longestMs: 0, asked: 10, lost: 0 };
          },
        };
      },
    },
    lastWritten,
    ...(changes.stateless === true ? {} : { state }),
    clock,
    patience: { bootMs: 60_000, proofMs: 10_000, lookMs: 60_000 },
  };
}

function renaming({ log, guests }: Parts): NonNullable<MendSources['hypervisor']['rename']> {
  return async ({ ref }, name) => {
    log.push(`rename ${ref.vmid} ${name}`);
    const guest = guestIn(guests, ref.vmid);
    Object.assign(guest, {
      summary: { ...guest.summary, name },
      configuration: { ...guest.configuration, name },
    });
  };
}

function carry(remedy: Remedy, guest: WorldGuest): void {
  carryOut(guest, remedy);
}

function guestIn(guests: FixWorld['guests'], vmid: number): WorldGuest {
  const guest = guests.get(vmid);
  if (guest === undefined) throw new Error(`the world has no guest ${vmid}`);
  return guest;
}

/** Answers the round trip with the guest as it is, as seen from the NIC that is asked about. */
function shellInto({ log, guests }: Parts, vmid: number, closed: boolean): Shell {
  return {
    via: `guest agent of pve1/${vmid}`,
    async run(_script, { args = [], signal }) {
      signal.throwIfAborted();
      log.push(`look ${vmid}`);
      if (closed) throw new SourceError('agent-silent', 'Proxmox VE', 'the agent does not answer');
      const guest = guestIn(guests, vmid);
      const view = args[0] === guest.mac ? guest.view : guest.second;
      const text = Buffer.from(JSON.stringify(view ?? guest.view)).toString('base64');
      const stdout = Object.values(probes).map(({ section }) => `${section}.view=b:${text}\n`);
      return { exitCode: 0, stdout: `${stdout.join('')}end=1\n`, stderr: '' };
    },
  };
}

/** Takes one part out of the whole view that the shell answers with. */
function part<T>(section: string, take: (view: GuestView) => T): GuestProbe<T> {
  return {
    section,
    script: ':',
    parse: (values) => take(JSON.parse(values.get('view') ?? '{}') as GuestView),
  };
}

/** The client when it is of this kind; what JSON leaves out is undefined again. */
const clientOf = (kind: NonNullable<GuestView['client']>['kind']) =>
  part(kind, ({ client }) => (client?.kind === kind ? client : undefined));

const probes: MendSources['probes'] = {
  identity: part('id', ({ identity }) => identity),
  os: part('os', ({ os }) => os),
  interfaces: part('if', ({ interfaces }) => interfaces),
  host: part('host', ({ host }) => host),
  nixos: part('nixos', ({ nixos }) => nixos),
  cloudInit: part('ci', ({ cloudInit }) => cloudInit),
  networkManager: clientOf('network-manager'),
  networkd: clientOf('networkd'),
  dhcpcd: clientOf('dhcpcd'),
  dhclient: clientOf('dhclient'),
  hostKeys: part('keys', () => []),
};

function dhcpServer({ log, guests, clock }: Parts, id: string, changes: FixWorldChanges): DhcpServer {
  return {
    id,
    async leases() {
      const leases = [...guests.values()].flatMap((each): Lease[] => {
        const { mac, address, lease: name, leaseEnds: expiresAt } = each;
        if (name === 'absent') return [];
        return [{ address, mac, expiresAt, ...(name === null ? {} : { name }) }];
      });
      return { leases, readAt: new Date(Date.parse(clock.now()) - clock.elapsed()).toISOString() };
    },
    async alive() {
      log.push('alive');
      return changes.alive?.() ?? { alive: true, sign: 'it answers' };
    },
    reservations: async () => [],
  };
}

/** Names follow the leases at once. */
function resolver(guests: FixWorld['guests'], id: string): Resolver {
  const answer = <T>(records: readonly T[]): DnsAnswer<T> =>
    records.length === 0 ? { status: 'none' } : { status: 'answered', records };
  const all = () => [...guests.values()];
  return {
    id,
    forward: async (name) =>
      answer(all().flatMap((each) => (`${each.lease}.mgmt.internal` === name ? [each.address] : []))),
    reverse: async (address) =>
      answer(
        all().flatMap((each) => (each.address === address ? [`${each.lease}.mgmt.internal` as never] : [])),
      ),
  };
}
