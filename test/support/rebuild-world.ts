import type { Address } from '../../src/domain/address.ts';
import { SourceError } from '../../src/domain/error.ts';
import type { GuestConfiguration, GuestSummary } from '../../src/domain/guest.ts';
import type { Lease } from '../../src/domain/lease.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { DnsAnswer, Liveness, PinnedHostKeys } from '../../src/domain/ports.ts';
import type { Remedy } from '../../src/domain/remedy.ts';
import type { Segment } from '../../src/domain/segment.ts';
import type { GuestView } from '../../src/domain/snapshot.ts';
import type { SwitchOutcome } from '../../src/domain/system-builder.ts';
import type { RebuildSources } from '../../src/provision/rebuild/context.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { address, guest, mac, system } from './sample-snapshot.ts';

const uuid = '00112233-4455-6677-8899-aabbccddeeff';
export const hostKey = `ssh-ed25519 ${'A'.repeat(68)}`;

const ref = { hypervisor: 'pve', node: 'tappaas1', vmid: 610 };

/** A VM, its guest, DHCP server and resolver, in memory; a test changes whatever it is about. */
export interface RebuildWorld {
  summary: GuestSummary | undefined;
  configuration: GuestConfiguration;
  /** The NIC that somebody configured to carry the name. */
  nic: string | undefined;
  segments: Segment[];
  /** What the agent says; an error is thrown. */
  agentAddress: Address | Error;
  agentKeys: readonly string[];
  /** Keys that the ssh server of the guest bears; others are no session. */
  serverKeys: readonly string[];
  lease: Lease | undefined | Error;
  /** Leases of other machines at the same server. */
  otherLeases: readonly Lease[];
  /** Other VMs of the cluster; an error where the configuration cannot be read. */
  others: readonly { readonly vmid: number; readonly name: string; readonly mac: Mac | Error }[];
  life: Liveness;
  forward: DnsAnswer<Address> | Error;
  guest: GuestView;
  /** What `id -u` prints. */
  userId: string;
  declaredName: string;
  /** Thrown when the configuration is evaluated. */
  evaluation: Error | undefined;
  /** True: the configuration's name cannot be declared over. */
  nameForced: boolean;
  configurationNotes: readonly string[];
  /** How activations end, one after the other; the last goes for all that follow. */
  switchResults: readonly SwitchOutcome['result'][];
  onActivate: (action: 'switch' | 'boot') => void;
  onRollBack: () => void;
  /** The system that a switch brings. */
  built: GuestView['nixos'];
  /** What a reboot changes beside boot id and booted system. */
  onReboot: () => void;
  onScript: (what: string) => void;
  /** What a script of the guest prints, where it is none that the world knows. */
  answer: (script: string) => string | undefined;
  onRemedy: (remedy: Remedy) => void;
  reverseRequired: boolean;
  thisMachine: Awaited<ReturnType<RebuildSources['thisMachine']>>;
  /** Locks that the hypervisor shows, one for each reading. */
  locks: readonly string[];
  pending: readonly string[];
  /** Nodes that were asked to start or reboot. */
  readonly powered: string[];
  /** Thrown when the guest is locked. */
  busy: Error | undefined;
  /** Locks that are held. */
  readonly locked: string[];
  readonly pins: Map<string, PinnedHostKeys>;
  readonly clock: FakeClock;
  /** All that was done to the world, in order: `shell …` opens one, the rest says itself. */
  readonly log: string[];
}

/** The first names in {@link RebuildWorld.log} that change something beyond Truename's own files. */
const writing = ['power', 'prepare', 'switch', 'boot', 'roll', 'remedy'];

/** What in the log changed the VM or its guest. */
export function writesOf(world: RebuildWorld): string[] {
  return world.log.filter((entry) => writing.includes(entry.split(' ')[0] ?? ''));
}

/**
 * A fresh clone that runs under its template's name, `tappaas-nixos`, in lease and DNS; after a switch its
 * static name is right, and one refreshed renewal puts lease and DNS right.
 */
export function cloneWorld(): RebuildWorld {
  const clock = fakeClock();
  const ended = (seconds: number) => new Date(Date.parse(clock.now()) + seconds * 1000).toISOString();
  const template = system('tappaas-nixos');
  const world: RebuildWorld = {
    summary: { ref, kind: 'vm', name: 'alpha', power: 'running', template: false, tags: [] },
    configuration: {
      ref,
      name: 'alpha',
      template: false,
      uuid,
      nics: [{ slot: 'net0', mac, bridge: 'lan' }],
      agentEnabled: true,
      cloudInit: true,
    },
    nic: undefined,
    segments: [
      { name: 'mgmt', domain: 'mgmt.internal', bridge: 'lan', dhcpServer: 'dnsmasq', resolvers: ['unbound'] },
    ],
    agentAddress: address,
    agentKeys: [hostKey],
    serverKeys: [hostKey],
    lease: { address, mac, name: 'tappaas-nixos', expiresAt: ended(3600) },
    otherLeases: [],
    others: [],
    life: { alive: true, sign: 'test' },
    forward: { status: 'none' },
    guest: guest({
      host: { static: 'tappaas-nixos', transient: 'tappaas-nixos' },
      nixos: { booted: template, current: template, next: template },
      client: { leaseExpiresAt: ended(3600) },
    }),
    userId: '0',
    declaredName: 'alpha',
    evaluation: undefined,
    nameForced: false,
    configurationNotes: [],
    switchResults: ['switched'],
    onActivate: () => undefined,
    onRollBack: () => undefined,
    built: { booted: template, current: system('alpha'), next: system('alpha') },
    onReboot: () => undefined,
    onScript: () => undefined,
    answer: () => undefined,
    onRemedy: () => renew(world, ended(3601)),
    reverseRequired: false,
    thisMachine: { macs: [] },
    locks: [],
    pending: [],
    powered: [],
    busy: undefined,
    locked: [],
    pins: new Map(),
    clock,
    log: [],
  };
  world.guest = { ...world.guest, identity: { ...world.guest.identity, uuid } };
  return world;
}

/** A machine that was rebuilt before: its name is right everywhere, and a switch changes nothing. */
export function rebuiltWorld(): RebuildWorld {
  const world = cloneWorld();
  world.built = { booted: system('alpha'), current: system('alpha'), next: system('alpha') };
  becomeBuilt(world);
  renew(world, new Date(Date.parse(world.clock.now()) + 3600_000).toISOString());
  world.guest = { ...world.guest, host: { ...world.guest.host, transient: 'alpha' } };
  return world;
}

/** The guest runs what was built, under its static name. */
export function becomeBuilt(world: RebuildWorld): void {
  const { nixos, host } = world.guest;
  const { current, next } = world.built;
  const name = current?.declaredName ?? '';
  world.guest = {
    ...world.guest,
    nixos: { booted: nixos.booted, current, next },
    host: { ...host, static: name, believedStatic: name },
  };
  // A world that a switch leaves alone was booted from it, too.
  if (world.built.booted?.declaredName === name) world.guest = { ...world.guest, nixos: world.built };
}

/** The server acknowledges the static name of the guest, and the resolver follows. */
function renew(world: RebuildWorld, expiresAt: string): void {
  const { host, client } = world.guest;
  world.lease = { address, mac, name: host.static, expiresAt };
  world.guest = { ...world.guest, client: client && { ...client, leaseExpiresAt: expiresAt } };
  world.forward = host.static === 'alpha' ? { status: 'answered', records: [address] } : { status: 'none' };
}

/** An error as the adapters throw it. */
export function sourceError(code: 'timeout' | 'unreachable' | 'agent-silent'): SourceError {
  return new SourceError(code, 'test', `test ${code}`);
}
