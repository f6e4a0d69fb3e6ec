import type { ReserveRequest } from '../../src/apply/reserve/reserve.ts';
import type { ReserveMemory, ReserveSources } from '../../src/apply/reserve/sources.ts';
import type { Address } from '../../src/domain/address.ts';
import { parseSubnet } from '../../src/domain/address.ts';
import { SourceError } from '../../src/domain/error.ts';
import type { GuestConfiguration, GuestSummary, Nic } from '../../src/domain/guest.ts';
import type { JournalledRun, JournalledWrite, LockHolder } from '../../src/domain/journal.ts';
import type { Lease } from '../../src/domain/lease.ts';
import type { Mac } from '../../src/domain/mac.ts';
import { parseFqdn } from '../../src/domain/name.ts';
import type { DhcpServer, DnsAnswer, Resolver, StandingReservations } from '../../src/domain/ports.ts';
import { changedBy, type OwnReservation, type Reservation } from '../../src/domain/reservation.ts';
import type { Segment } from '../../src/domain/segment.ts';
import { fakeClock } from './fake-clock.ts';

/** The two segments of the world, with a server and a resolver each. */
const reserveSegments: readonly Segment[] = ['mgmt', 'srv'].map((name, index) => ({
  name,
  domain: `${name}.internal`,
  bridge: name,
  subnet: parseSubnet(`10.2.${index + 1}0.0/24`) as NonNullable<Segment['subnet']>,
  dhcpServer: name,
  resolvers: [name],
}));

/** What a server of the world holds; a test may change it at any time. */
export interface WorldServer {
  own: OwnReservation[];
  others: Reservation[];
  leases: Lease[];
  alive: boolean;
  /** False: it reads what is written and does nothing of it. */
  obeys: boolean;
  /** Thrown in place of the next write, after it was made where `made` says so. */
  fails?: { readonly error: Error; readonly made: boolean };
  /** Thrown by every look. */
  blind?: Error;
  adoption: boolean;
  version: number;
  writes: number;
  /** A server whose writes come in force by a second step: how often that was taken alone, and whether it runs afterwards, as after a whole write. */
  secondStep?: { taken: number; runs: () => boolean };
  /** For how long a write keeps it from answering, in milliseconds. */
  pausedMs?: number;
  /** More of what stands there. */
  more: Partial<StandingReservations>;
}

/** Hypervisor, DHCP servers, resolvers and journal in memory. */
export interface ReserveWorld {
  readonly sources: ReserveSources;
  readonly servers: Readonly<Record<'mgmt' | 'srv', WorldServer>>;
  /** What the journal was told, in order, such as `writing 610`, `written 1`. */
  readonly log: string[];
  readonly journal: JournalledWrite[];
  /** Earlier runs, newest first. */
  readonly runs: JournalledRun[];
  readonly held: Map<string, LockHolder>;
  /** Names that a resolver answers otherwise than by the leases. */
  readonly answers: Map<string, DnsAnswer<Address> | Error>;
  readonly inventory: GuestSummary[];
  request(changes?: Partial<ReserveRequest>): ReserveRequest;
  guest(vmid: number): GuestSummary;
}

/** The MAC address of a guest's NIC in the world. */
export function macOf(vmid: number, nic = 0): Mac {
  return `bc:24:11:00:0${nic}:${(vmid % 256).toString(16).padStart(2, '0')}` as Mac;
}

/** A guest of the world: its NICs by the bridges that they are plugged into. */
export interface GivenReservable {
  readonly vmid: number;
  readonly name: string;
  readonly bridges?: readonly string[];
  readonly template?: true;
}

/** A world with these guests; those with a NIC in a segment hold a lease named after their template. */
export function reserveWorld(
  given: readonly GivenReservable[],
  how: { readonly dryRun?: true } = {},
): ReserveWorld {
  const clock = fakeClock();
  const parts: MemoryParts = { log: [], journal: [], held: new Map() };
  const runs: JournalledRun[] = [];
  const answers = new Map<string, DnsAnswer<Address> | Error>();
  const servers = { mgmt: freshServer(), srv: freshServer() };
  const configurations = new Map(given.map((each) => [each.vmid, configurationOf(each)]));
  const inventory = given.map(summaryOf);
  for (const { vmid, bridges = ['mgmt'] } of given) {
    for (const [index, bridge] of bridges.entries()) {
      if (bridge !== 'mgmt' && bridge !== 'srv') continue;
      const address = `10.2.${bridge === 'mgmt' ? 10 : 20}.${100 + (vmid % 100)}` as Address;
      servers[bridge].leases.push({ address, mac: macOf(vmid, index), name: 'template' });
    }
  }
  const sources: ReserveSources = {
    hypervisor: {
      id: 'pve',
      find: async (vmid) => inventory.find(({ ref }) => ref.vmid === vmid),
      guests: async () => inventory,
      configuration: async ({ ref }) => configurations.get(ref.vmid) as GuestConfiguration,
    },
    segments: reserveSegments,
    dhcpServer: (id) => serverOf(id, servers[id as 'mgmt'], clock.now),
    resolver: (id) => resolverOf(id, servers[id as 'mgmt'], answers),
    now: clock.now,
    clock,
    patience: { proofMs: 2000, lookMs: 60_000 },
    runs: async () => runs,
    ...(how.dryRun === true ? {} : { memory: memoryOf(parts, clock.now) }),
  };
  const guest = (vmid: number) => inventory.find(({ ref }) => ref.vmid === vmid) as GuestSummary;
  return {
    ...parts,
    sources,
    servers,
    runs,
    answers,
    inventory,
    guest,
    request: (changes = {}) => ({
      run: 'run-1',
      guests: inventory.filter(({ template }) => !template),
      inventory,
      policy: {
        roles: {
          own: { macs: [] },
          hosts: [{ role: 'DHCP server', id: 'mgmt', hosts: ['firewall', '10.2.10.1'] }],
        },
        templates: [],
        nodes: ['pve1'],
        takeName: false,
        adopt: false,
      },
      yes: false,
      ...changes,
    }),
  };
}

type MemoryParts = Pick<ReserveWorld, 'log' | 'journal' | 'held'>;

/** A journal and locks that tell the log what they are told. */
function memoryOf({ log, journal, held }: MemoryParts, now: () => string): ReserveMemory {
  return {
    journal: {
      run: 'run-1',
      async writing(guest, write) {
        log.push(`writing ${guest.ref.vmid}`);
        const number = journal.length + 1;
        journal.push({ number, guest, write, at: now(), certain: false });
        return number;
      },
      written: async (number) => void log.push(`written ${number}`),
      undone: async (run, number) => void log.push(`undone ${run} ${number}`),
      found: async (run, number) => void log.push(`found ${run} ${number}`),
    },
    locks: {
      async take(name, run) {
        const holder = held.get(name);
        if (holder !== undefined) return { heldBy: holder };
        held.set(name, { run, pid: 1, host: 'here', since: now() });
        return { release: async () => void held.delete(name) };
      },
      holder: async (name) => held.get(name),
    },
  };
}

function freshServer(): WorldServer {
  return {
    own: [],
    others: [],
    leases: [],
    alive: true,
    obeys: true,
    adoption: true,
    version: 0,
    writes: 0,
    more: {},
  };
}

function summaryOf({ vmid, name, template }: GivenReservable): GuestSummary {
  const ref = { hypervisor: 'pve', node: 'pve1', vmid };
  return { ref, kind: 'vm', name, power: 'running', template: template === true, tags: [] };
}

function configurationOf({ vmid, name, template, bridges = ['mgmt'] }: GivenReservable): GuestConfiguration {
  const nics: Nic[] = bridges.map((bridge, index) => ({
    slot: `net${index}`,
    mac: macOf(vmid, index),
    bridge,
  }));
  const ref = { hypervisor: 'pve', node: 'pve1', vmid };
  return {
    ref,
    name,
    template: template === true,
    uuid: 'uuid',
    nics,
    agentEnabled: false,
    cloudInit: false,
  };
}

function serverOf(id: string, state: WorldServer, now: () => string): DhcpServer {
  const look = () => {
    if (state.blind !== undefined) throw state.blind;
  };
  return {
    id,
    async leases() {
      look();
      return { leases: state.leases, readAt: now() };
    },
    alive: async () =>
      state.alive ? { alive: true, sign: 'it runs' } : { alive: false, why: 'it does not run' },
    reserving: {
      async standing(): Promise<StandingReservations> {
        look();
        return {
          version: String(state.version),
          own: [...state.own],
          others: state.others,
          place: `/hosts/${id}`,
          ...(state.adoption ? { adoption: 'above' as const } : {}),
          needsAddress: false,
          domains: [`${id}.internal`],
          ...state.more,
        };
      },
      reach: (change) => (change.some(({ was }) => was !== null) ? 'segment' : 'guest'),
      async write(change, { version }) {
        const { fails } = state;
        delete state.fails;
        if (fails !== undefined && !fails.made) throw fails.error;
        if (version !== String(state.version))
          throw new SourceError('reservations-changed', id, 'it was changed meanwhile');
        state.own = changedBy(state.own, change);
        state.version += 1;
        state.writes += 1;
        if (state.secondStep !== undefined) state.alive = state.secondStep.runs();
        if (state.obeys) obey(state);
        if (fails !== undefined) throw fails.error;
      },
      pausedMs: () => (state.writes === 0 ? undefined : state.pausedMs),
      ...(state.secondStep === undefined
        ? {}
        : { enforce: async () => enforce(id, state, state.secondStep) }),
    },
  };
}

function enforce(id: string, state: WorldServer, step: WorldServer['secondStep']): void {
  if (step === undefined) return;
  step.taken += 1;
  state.alive = step.runs();
  if (!state.alive) throw new SourceError('reservation-not-taken', id, 'it does not run');
  obey(state);
}

/** A server names the lease of each MAC address as it was told. */
function obey(state: WorldServer): void {
  state.leases = state.leases.map((lease) => {
    const own = state.own.find(({ mac }) => mac === lease.mac);
    const here = own !== undefined && (own.address === undefined || own.address === lease.address);
    return here ? { ...lease, name: own.name } : lease;
  });
}

function resolverOf(id: string, state: WorldServer, answers: ReserveWorld['answers']): Resolver {
  return {
    id,
    async forward(name) {
      const given = answers.get(name);
      if (given instanceof Error) throw given;
      if (given !== undefined) return given;
      const records = state.leases
        .filter((lease) => lease.name !== undefined && `${lease.name}.${id}.internal` === name)
        .map(({ address }) => address);
      return records.length === 0 ? { status: 'none' } : { status: 'answered', records };
    },
    async reverse(address) {
      const lease = state.leases.find((each) => each.address === address);
      const name = lease?.name === undefined ? undefined : parseFqdn(`${lease.name}.${id}.internal`);
      return name === undefined ? { status: 'none' } : { status: 'answered', records: [name] };
    },
  };
}
