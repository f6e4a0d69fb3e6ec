import { afterAll, beforeAll } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import { openStage, type Stage } from '../end-to-end/stage.ts';
import { type DhcpClientUnderTest, dhcpClientContract } from './dhcp-client.ts';
import { dhcpcdScenes } from './dhcp-client-dhcpcd.ts';
import { hostNamesContract } from './dhcp-client-host-names.ts';
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

function on(name: Name): Pick<DhcpClientUnderTest, 'shell' | 'lease' | 'inGuest'> {
  return {
    shell: () => shellInGuest(stage.lab, guests[name]),
    lease: () => servedLease(stage.lab, macs[name]),
    inGuest: inside(name),
  };
}

for (const name of ['nm12', 'nm13'] as const) {
  dhcpClientContract(`NetworkManager on ${name}`, {
    ...networkManagerScenes(() => profiles[name]),
    ...on(name),
  });
}

dhcpClientContract('systemd-networkd', { ...networkdScenes, ...on('networkd') });

dhcpClientContract('dhcpcd as manager', { ...dhcpcdScenes, ...on('dhcpcd') });

hostNamesContract(on('networkd'));
