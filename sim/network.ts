import { type Address, parseSubnet, type Subnet } from '../src/domain/address.ts';
import { SourceError } from '../src/domain/error.ts';
import type { GuestLogin } from '../src/domain/guest-login.ts';
import type { HostKeyStore, Reachability, Shell } from '../src/domain/ports.ts';
import type { Segment } from '../src/domain/segment.ts';
import { type SimClock, type SimClockOptions, simClock } from './clock.ts';
import { type SimDhcpServer, simDhcpServer } from './dhcp-server.ts';
import { type SimHypervisor, simHypervisor } from './hypervisor.ts';
import type { SimMachine } from './machine.ts';
import { simReachability } from './reachability.ts';
import { type SimResolver, simResolver } from './resolver.ts';
import { simShell } from './shell.ts';

/** A small network in memory: two segments, each with a DHCP server and a resolver, and a hypervisor on both. */
export interface SimNetwork {
  readonly clock: SimClock;
  readonly hypervisor: SimHypervisor;
  readonly segments: readonly Segment[];
  /** The server of a segment, by its name. Throws for one that is not there. */
  server(segment: string): SimDhcpServer;
  resolver(segment: string): SimResolver;
  /** A session by ssh with whoever has the address; nobody is let in whose host key is not the pinned one. */
  ssh(login: GuestLogin, user: string, hostKeys: Pick<HostKeyStore, 'pinned'>): Shell;
  readonly reachability: Reachability;
}

/** The node of the hypervisor. */
export const simNode = 'tappaas1';

/** The same two segments as the lab's: they differ in what a wrong assumption could hide behind. */
const definitions = [
  { name: 'mgmt', bridge: 'lan', subnet: '10.2.10.0/24', firstLease: '10.2.10.100', reverse: true },
  { name: 'srv', bridge: 'srv', subnet: '10.2.20.0/24', firstLease: '10.2.20.100', reverse: false },
] as const;

/** A network without guests. */
export function simNetwork(options: SimClockOptions): SimNetwork {
  const clock = simClock(options);
  const parts = definitions.map(({ name, bridge, subnet, firstLease, reverse }) => {
    const segment: Segment = {
      name,
      domain: `${name}.internal`,
      bridge,
      subnet: parseSubnet(subnet) as Subnet,
      dhcpServer: name,
      resolvers: [name],
    };
    const server = simDhcpServer({ id: name, clock, firstLease: firstLease as Address });
    const resolver = simResolver({ id: name, domain: segment.domain, leases: server.leases, reverse });
    return { segment, bridge, server, resolver };
  });
  const find = (matches: (part: (typeof parts)[number]) => boolean, what: string) => {
    const part = parts.find(matches);
    if (part === undefined) throw new SourceError('not-found', 'sim', `the simulation has no ${what}`);
    return part;
  };
  const hypervisor = simHypervisor({
    id: 'sim',
    node: simNode,
    clock,
    serverOn: (bridge) => find((part) => part.bridge === bridge, `bridge ${bridge}`).server,
  });
  const machineAt = async (address: Address): Promise<SimMachine | undefined> => {
    for (const { ref, power } of await hypervisor.port.guests(new AbortController().signal)) {
      const machine = power === 'running' ? hypervisor.machine(ref.vmid) : undefined;
      if (machine?.client.address() === address) return machine;
    }
    return undefined;
  };

  return {
    clock,
    hypervisor,
    segments: parts.map(({ segment }) => segment),
    server: (segment) => find((part) => part.segment.name === segment, `segment ${segment}`).server,
    resolver: (segment) => find((part) => part.segment.name === segment, `segment ${segment}`).resolver,
    reachability: simReachability(clock, machineAt),
    ssh({ address, alias }, user, hostKeys) {
      const via = `ssh ${user}@${address}`;
      return {
        via,
        async run(script, shellOptions) {
          const [machine, pin] = [await machineAt(address), await hostKeys.pinned(alias)];
          if (machine === undefined || !machine.up())
            throw new SourceError('unreachable', via, `nobody answers at ${address}`);
          const mustOpen = () => {
            if (machine.hostKeys().some((key) => pin?.keys.includes(key) === true)) return;
            throw new SourceError('unreachable', via, 'the host key is not the pinned one');
          };
          return simShell({ via, machine, clock, user, mustOpen }).run(script, shellOptions);
        },
      };
    },
  };
}
