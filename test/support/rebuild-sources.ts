import type { Fqdn } from '../../src/domain/name.ts';
import type {
  DhcpServer,
  GuestAgent,
  GuestProbe,
  Hypervisor,
  Resolver,
  Shell,
  SystemBuilder,
} from '../../src/domain/ports.ts';
import type { GuestView } from '../../src/domain/snapshot.ts';
import type { GuestLogin, RebuildSources } from '../../src/provision/rebuild/context.ts';
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
    hypervisor: hypervisor(world),
    segments: world.segments,
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
    shell: (login) => shell(world, login),
    builder: async (where, _login, through) => builder(world, where, through),
    probes: {
      identity: part('id', (guest) => guest.identity),
      host: part('host', (guest) => guest.host),
      nixos: part('nixos', (guest) => guest.nixos),
      cloudInit: part('ci', (guest) => guest.cloudInit),
      client,
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

function hypervisor(world: RebuildWorld): Hypervisor {
  const agent: GuestAgent = {
    async interfaces() {
      if (world.agentAddress instanceof Error) throw world.agentAddress;
      const mac = world.configuration.nics[0]?.mac;
      return mac === undefined ? [] : [{ name: 'ens18', mac, addresses: [world.agentAddress] }];
    },
    run: async () => ({ exitCode: 0, stdout: world.agentKeys.join('\n'), stderr: '' }),
  };
  return {
    id: 'pve',
    find: async () => world.summary,
    configuration: async () => world.configuration,
    agent: () => agent,
    async power(_ref, action) {
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
      return { leases: world.lease === undefined ? [] : [world.lease], readAt: world.clock.now() };
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
      return { exitCode: 0, stdout: what === 'id -u' ? `${world.userId}\n` : 'end=1\n', stderr: '' };
    },
  };
}

function builder(world: RebuildWorld, where: SystemBuilder['where'], through: Shell): SystemBuilder {
  world.log.push(`builder on ${where} by ${through.via}`);
  return {
    where,
    prepare: async () => void world.log.push('prepare'),
    async declaredName() {
      world.log.push('evaluate');
      return world.declaredName;
    },
    async switch(onLine) {
      world.log.push('switch');
      onLine('building the system');
      const inForce = ['switched', 'units-failed', 'reboot-required'].includes(world.switchResult);
      if (inForce) becomeBuilt(world);
      return { result: world.switchResult, exitCode: inForce ? 0 : 1, tail: ['error: last line'] };
    },
  };
}
