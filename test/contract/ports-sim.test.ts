import { beforeAll } from 'vitest';
import { simNetwork } from '../../sim/network.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Mac } from '../../src/domain/mac.ts';
import { type Fqdn, fqdn, type Hostname } from '../../src/domain/name.ts';
import { dhcpServerContract } from './dhcp-server.ts';
import { resolverContract } from './resolver.ts';

/** A name with an IPv6 address in the zone of each segment. */
const sixName = 'six' as Hostname;
const sixAddress = 'fd00::6';

const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
const never = new AbortController().signal;
const segments = [
  { name: 'mgmt', bridge: 'lan', vmid: 641, reverse: true },
  { name: 'srv', bridge: 'srv', vmid: 640, reverse: false },
] as const;

beforeAll(async () => {
  for (const { name, bridge, vmid } of segments) {
    await network.hypervisor.clone(9001, vmid, `guest-${vmid}`, bridge);
    network.resolver(name).addHost(fqdn(sixName, `${name}.internal`), sixAddress);
  }
  while (!segments.every(({ vmid }) => network.hypervisor.machine(vmid).up()))
    await network.clock.sleep(100, never);
});

function holder({ name: segment, vmid }: (typeof segments)[number]) {
  const mac: Mac = network.hypervisor.mac(vmid);
  const lease = network
    .server(segment)
    .leases()
    .find((each) => each.mac === mac);
  if (lease?.name === undefined) throw new Error(`VM ${vmid} has no lease with a name`);
  const full: Fqdn = fqdn(lease.name as Hostname, `${segment}.internal`);
  return { mac, address: lease.address as Address, name: lease.name, fqdn: full };
}

dhcpServerContract('dnsmasq, simulated', {
  server: () => network.server('srv').port,
  holder: () => holder(segments[1]),
  freeze: async (frozen) => network.server('srv').freeze(frozen),
  reserve: async (mac, name) => network.server('srv').reserve(mac, name),
});

for (const segment of segments) {
  resolverContract(`simulated, ${segment.name}`, {
    resolver: () => network.resolver(segment.name).port,
    known: () => holder(segment),
    known6: () => ({ fqdn: fqdn(sixName, `${segment.name}.internal`), address: sixAddress }),
    reverse: segment.reverse,
  });
}
