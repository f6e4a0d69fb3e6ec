import type { GuestSummary } from '../../src/domain/guest.ts';
import type { GuestLogin } from '../../src/domain/guest-login.ts';
import type { Fqdn } from '../../src/domain/name.ts';
import type {
  DhcpServer,
  GuestAgent,
  GuestProbe,
  Hypervisor,
  Resolver,
  Shell,
} from '../../src/domain/ports.ts';
import type { GuestView } from '../../src/domain/snapshot.ts';
import type { SystemBuilder } from '../../src/domain/system-builder.ts';
import type { RebuildSources } from '../../src/provision/rebuild/context.ts';
import { becomeBuilt, type RebuildWorld, sourceError } from './rebuild-world.ts';

/** Every port of a rebuild, in front of a world in memory. */
export function rebuildSources(world: RebuildWorld): RebuildSources {
  const part = <T>(section: string, read: (guest: GuestView) => T): GuestProbe<T> => ({
    section,
    script: `probe ${section}`,
    parse: () => read(world.guest),
  });
  const client = part('nm', (guest) => guest.client);
  return {
    configuration: async () => ({ files: ['alpha.nix'], bytes: 40, notes: world.configurationNotes }),
    hypervisor: hypervisor(world),
    segments: world.segments,
    nicFor: () => world.nic,
    dhcpServer: () => dhcpServer(world),
    resolver: () => resolver(world),
    hostKeys: {
      file: (alias) => `/state/${alias}`,
      pinned: async (alias) => world.pins.get(alias),
      async pin(alias, keys) {
        world.log.push(`pin ${alias}`);
        world.pins.set(alias, keys);
      },
    },
    thisMachine: async () => world.thisMachine,
    async lock(alias) {
      if (world.busy !== undefined) throw world.busy;
      world.locked.push(alias);
      return { release: async () => void world.locked.pop() };
    },
    shell: (login) => shell(world, login),
    builder: async (where, _login, through) => builder(world, where, through),
    probes: {
      identity: part('id', (guest) => guest.identity),
      host: part('host', (guest) => guest.host),
      nixos: part('nixos', (guest) => guest.nixos),
      cloudInit: part('ci', (guest) => guest.cloudInit),
      os: part('os', (guest) => guest.os),
      interfaces: part('if', (guest) => guest.interfaces),
      networkManager: client,
      networkd: part('networkd', () => undefined),
      dhcpcd: part('dhcpcd', () => undefined),
      dhclient: part('dhclient', () => undefined),
    },
    identityProbe: part('id', (guest) => guest.identity),
    waitForCloudInit: async () => void world.log.push('wait for cloud-init'),
    async apply(_shell, remedy) {
      world.log.push(`remedy ${remedy.kind}`);
      if (remedy.kind !== 'set-transient-name') return world.onRemedy(remedy);
      world.guest = { ...world.guest, host: { ...world.guest.host, transient: remedy.name } };
    },
    clock: world.clock,
    patience: { bootMs: 60_000, proofMs: 20_000 },
    reverseRequired: world.reverseRequired,
  };
}

function otherGuest(vmid: number, name: string): GuestSummary {
  const ref = { hypervisor: 'pve', node: 'tappaas1', vmid };
  return { ref, kind: 'vm', name, power: 'running', template: false, tags: [] };
}

function hypervisor(world: RebuildWorld): Hypervisor {
  const agent: GuestAgent = {
    async interfaces() {
      if (world.agentAddress instanceof Error) throw world.agentAddress;
      const mac = world.configuration.nics.at(-1)?.mac;
      return mac === undefined ? [] : [{ name: 'ens18', mac, addresses: [world.agentAddress] }];
    },
    run: async () => ({ exitCode: 0, stdout: world.agentKeys.join('\n'), stderr: '' }),
  };
  return {
    id: 'pve',
    find: async () => world.summary,
    guests: async () => [
      ...(world.summary === undefined ? [] : [world.summary]),
      ...world.others.map(({ vmid, name }) => otherGuest(vmid, name)),
    ],
    async configuration({ ref }) {
      const other = world.others.find(({ vmid }) => vmid === ref.vmid);
      if (other?.mac instanceof Error) throw other.mac;
      if (other !== undefined)
        return { ...world.configuration, ref, name: other.name, nics: [{ slot: 'net0', mac: other.mac }] };
      const [lock, ...rest] = world.locks;
      if (rest.length > 0 || lock !== undefined) world.locks = rest;
      return lock === undefined ? world.configuration : { ...world.configuration, lock };
    },
    pending: async () => [...world.pending],
    agent: () => agent,
    async power(ref, action) {
      world.powered.push(ref.node);
      world.log.push(`power ${action}`);
      if (world.summary !== undefined) world.summary = { ...world.summary, power: 'running' };
      if (action === 'reboot') world.onReboot();
    },
  };
}

function dhcpServer(world: RebuildWorld): DhcpServer {
  return {
    id: 'dnsmasq',
    async leases() {
      if (world.lease instanceof Error) throw world.lease;
      return {
        leases: [...(world.lease === undefined ? [] : [world.lease]), ...world.otherLeases],
        readAt: world.clock.now(),
      };
    },
    alive: async () => world.life,
  };
}

function resolver(world: RebuildWorld): Resolver {
  return {
    id: 'unbound',
    async forward() {
      if (world.forward instanceof Error) throw world.forward;
      return world.forward;
    },
    async reverse() {
      if (world.forward instanceof Error) throw world.forward;
      if (world.forward.status !== 'answered') return { status: 'none' };
      return { status: 'answered', records: ['alpha.mgmt.internal' as Fqdn] };
    },
  };
}

function shell(world: RebuildWorld, login: GuestLogin): Shell {
  world.log.push(`shell ${login.address}`);
  return {
    via: `ssh root@${login.address}`,
    async run(script, { signal }) {
      const what = script.includes('kv end 1') ? 'look' : script;
      world.log.push(what);
      world.onScript(what);
      signal.throwIfAborted();
      const pinned = world.pins.get(login.alias)?.keys ?? [];
      if (!world.serverKeys.some((key) => pinned.includes(key))) throw sourceError('unreachable');
      // A look at a guest takes time, and the clock of the guest goes with it.
      world.clock.advance(100);
      world.guest = { ...world.guest, identity: { ...world.guest.identity, clock: world.clock.now() } };
      return {
        exitCode: 0,
        stdout: world.answer(script) ?? (what === 'id -u' ? `${world.userId}\n` : 'end=1\n'),
        stderr: '',
      };
    },
  };
}

function builder(world: RebuildWorld, where: SystemBuilder['where'], through: Shell): SystemBuilder {
  world.log.push(`builder on ${where} by ${through.via}`);
  let forced = false;
  return {
    where,
    async prepare({ forceName }) {
      world.log.push(forceName ? 'prepare with its name' : 'prepare');
      forced = forceName;
      return [];
    },
    async evaluate() {
      world.log.push('evaluate');
      if (world.evaluation instanceof Error) throw world.evaluation;
      return {
        declaredName: forced && !world.nameForced ? 'alpha' : world.declaredName,
        path: world.built.next?.path ?? '',
      };
    },
    async activate(action, onLine) {
      onLine('building the system');
      const [result = 'switched', ...rest] = world.switchResults;
      if (rest.length > 0) world.switchResults = rest;
      world.log.push(action);
      world.onActivate(action);
      const inForce = ['switched', 'units-failed', 'reboot-required', 'connection-lost'].includes(result);
      if (inForce && action === 'switch') becomeBuilt(world);
      return { result, exitCode: inForce ? 0 : 1, tail: ['error: last line'] };
    },
    async rollBack() {
      world.log.push('roll back');
      world.onRollBack();
      return { result: 'switched', exitCode: 0, tail: [] };
    },
  };
}
