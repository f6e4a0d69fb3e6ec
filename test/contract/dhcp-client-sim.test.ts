import { beforeAll } from 'vitest';
import type { AnySimClient } from '../../sim/clients/any-client.ts';
import { simDhcpClients } from '../../sim/dhcp-clients.ts';
import { simNetwork } from '../../sim/network.ts';
import type { Shell } from '../../src/domain/ports.ts';
import { type DhcpClientUnderTest, dhcpClientContract } from './dhcp-client.ts';
import { dhcpcdScenes } from './dhcp-client-dhcpcd.ts';
import { hostNamesContract } from './dhcp-client-host-names.ts';
import {
  dhcpcdInSim,
  hostNamesInSim,
  networkdInSim,
  networkManagerInSim,
  type SimScene,
  writtenBy,
} from './dhcp-client-in-sim.ts';
import { networkManagerScenes } from './dhcp-client-network-manager.ts';
import { networkdScenes } from './dhcp-client-networkd.ts';

const guests = { 'network-manager': 650, networkd: 652, dhcpcd: 653 } as const;
/** With NixOS. */
const nixos = 654;
const templates = { 'network-manager': 9014, networkd: 9011, dhcpcd: 9012 } as const;
type Kind = AnySimClient['kind'];

const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
const never = new AbortController().signal;
const machine = (kind: Kind) => network.hypervisor.machine(guests[kind]);

beforeAll(async () => {
  for (const kind of Object.keys(guests) as Kind[])
    await network.hypervisor.clone(templates[kind], guests[kind], kind, 'lan');
  await network.hypervisor.clone(9000, nixos, 'nixos', 'lan');
  while (![...Object.values(guests), nixos].every((vmid) => network.hypervisor.machine(vmid).up()))
    await network.clock.sleep(100, never);
});

type InSim = Omit<DhcpClientUnderTest<SimScene>, 'renames' | 'writes'>;

function shellIn(vmid: number): Shell {
  const ref = { hypervisor: 'sim', node: 'tappaas1', vmid };
  const shell = network.hypervisor.port.inside?.({ ref, kind: 'vm' });
  if (shell === undefined) throw new Error(`nobody enters ${vmid}`);
  return shell;
}

function on(kind: Kind): InSim {
  return {
    client: simDhcpClients[kind],
    shell: () => shellIn(guests[kind]),
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

hostNamesContract(
  'simulated',
  hostNamesInSim(
    { machine: () => machine('networkd'), shell: () => shellIn(guests.networkd) },
    { machine: () => network.hypervisor.machine(nixos), shell: () => shellIn(nixos) },
  ),
);
