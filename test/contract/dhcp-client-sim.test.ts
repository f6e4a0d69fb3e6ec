import { beforeAll } from 'vitest';
import type { AnySimClient } from '../../sim/clients/any-client.ts';
import { simDhcpClients } from '../../sim/dhcp-clients.ts';
import { simNetwork } from '../../sim/network.ts';
import { type DhcpClientUnderTest, dhcpClientContract } from './dhcp-client.ts';
import { dhcpcdScenes } from './dhcp-client-dhcpcd.ts';
import {
  dhcpcdInSim,
  networkdInSim,
  networkManagerInSim,
  type SimScene,
  writtenBy,
} from './dhcp-client-in-sim.ts';
import { networkManagerScenes } from './dhcp-client-network-manager.ts';
import { networkdScenes } from './dhcp-client-networkd.ts';

const guests = { 'network-manager': 650, networkd: 652, dhcpcd: 653 } as const;
const templates = { 'network-manager': 9014, networkd: 9011, dhcpcd: 9012 } as const;
type Kind = AnySimClient['kind'];

const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
const never = new AbortController().signal;
const machine = (kind: Kind) => network.hypervisor.machine(guests[kind]);

beforeAll(async () => {
  for (const kind of Object.keys(guests) as Kind[])
    await network.hypervisor.clone(templates[kind], guests[kind], kind, 'lan');
  while (!Object.keys(guests).every((kind) => machine(kind as Kind).up()))
    await network.clock.sleep(100, never);
});

type InSim = Omit<DhcpClientUnderTest<SimScene>, 'renames' | 'writes'>;

function on(kind: Kind): InSim {
  return {
    client: simDhcpClients[kind],
    shell: () => {
      const ref = { hypervisor: 'sim', node: 'tappaas1', vmid: guests[kind] };
      const shell = network.hypervisor.port.inside?.({ ref, kind: 'vm' });
      if (shell === undefined) throw new Error(`nobody enters ${kind}`);
      return shell;
    },
    async lease() {
      const mac = network.hypervisor.mac(guests[kind]);
      const lease = network
        .server('mgmt')
        .leases()
        .find((each) => each.mac === mac);
      const { address = '', name = '*', expiresAt = '' } = lease ?? {};
      return { address, name, expires: Date.parse(expiresAt) / 1000 };
    },
    make: async (scene) => scene(machine(kind)),
    written: async () => writtenBy(machine(kind)),
    // A step makes nothing on its way here.
    leftOver: async () => '',
    wait: (ms) => network.clock.sleep(ms, never),
  };
}

function profileOf(): string {
  const { client } = machine('network-manager');
  if (client.kind !== 'network-manager') throw new Error('the template has another client');
  return client.state().connection.uuid;
}

dhcpClientContract('NetworkManager, simulated', {
  ...networkManagerScenes(networkManagerInSim(profileOf)),
  ...on('network-manager'),
});

dhcpClientContract('systemd-networkd, simulated', { ...networkdScenes(networkdInSim), ...on('networkd') });

dhcpClientContract('dhcpcd, simulated', { ...dhcpcdScenes(dhcpcdInSim), ...on('dhcpcd') });
