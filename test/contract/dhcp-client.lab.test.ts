import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import { dhcpcd } from '../../src/adapters/dhcpcd/rungs.ts';
import { networkManager } from '../../src/adapters/network-manager/rungs.ts';
import { networkd } from '../../src/adapters/networkd/rungs.ts';
import { openStage, type Stage } from '../end-to-end/stage.ts';
import { type DhcpClientUnderTest, dhcpClientContract } from './dhcp-client.ts';
import { dhcpcdScenes } from './dhcp-client-dhcpcd.ts';
import { hostNamesContract } from './dhcp-client-host-names.ts';
import {
  dhcpcdInLab,
  hostNamesInLab,
  leftOver,
  networkdInLab,
  networkManagerInLab,
  writtenBy,
} from './dhcp-client-in-lab.ts';
import { networkManagerScenes } from './dhcp-client-network-manager.ts';
import { networkdScenes } from './dhcp-client-networkd.ts';
import { servedLease, shellInGuest } from './dhcp-client-stage.ts';

const guests = { nm12: 650, nm13: 651, networkd: 652, dhcpcd: 653 } as const;
const templates = { nm12: 9010, nm13: 9014, networkd: 9011, dhcpcd: 9012 } as const;
type Name = keyof typeof guests;

let stage: Stage;
const macs = {} as Record<Name, string>;
const profiles = {} as Record<Name, string>;

beforeAll(async () => {
  stage = await openStage();
  const names = Object.keys(guests) as Name[];
  await Promise.all(names.map((name) => stage.clone(templates[name], guests[name], name, 'mgmt')));
  for (const name of names) {
    await stage.booted(guests[name]);
    macs[name] = await stage.cluster.mac(guests[name]);
  }
  for (const name of ['nm12', 'nm13'] as const) {
    profiles[name] = (await inside(name)('nmcli -g GENERAL.CON-UUID device show eth0')).trim();
  }
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

function inside(name: Name): (script: string) => Promise<string> {
  return (script) => runInside(stage.lab.paths, String(guests[name]), script);
}

type InLab = Omit<DhcpClientUnderTest<string>, 'client' | 'renames' | 'writes'>;

function on(name: Name, written: string): InLab {
  const inGuest = inside(name);
  return {
    shell: () => shellInGuest(stage.lab, guests[name]),
    lease: () => servedLease(stage.lab, macs[name]),
    make: async (scene) => void (await inGuest(scene)),
    written: () => inGuest(written),
    leftOver: () => inGuest(leftOver),
    wait: (ms) => delay(ms),
  };
}

for (const name of ['nm12', 'nm13'] as const) {
  dhcpClientContract(`NetworkManager on ${name}`, {
    client: networkManager,
    ...networkManagerScenes(networkManagerInLab(() => profiles[name])),
    ...on(name, writtenBy.networkManager),
  });
}

dhcpClientContract('systemd-networkd', {
  client: networkd,
  ...networkdScenes(networkdInLab),
  ...on('networkd', writtenBy.networkd),
});

dhcpClientContract('dhcpcd as manager', {
  client: dhcpcd,
  ...dhcpcdScenes(dhcpcdInLab),
  ...on('dhcpcd', writtenBy.dhcpcd),
});

hostNamesContract(
  'in the lab',
  hostNamesInLab(() => shellInGuest(stage.lab, guests.networkd), inside('networkd')),
);
