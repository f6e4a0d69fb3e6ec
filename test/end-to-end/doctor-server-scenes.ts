import { readFile } from 'node:fs/promises';
import { addHostEntry, configure, type Firewall, reserveName, writeLines } from '../../lab/firewall.ts';
import type { LabSegment } from '../../lab/segments.ts';
import { asksAgain, type DoctorScene, type SceneTools } from './doctor-scene.ts';

/** What a scene at a server is set with. */
export interface ServerSceneTools extends SceneTools {
  readonly firewalls: Readonly<Record<LabSegment['name'], Firewall>>;
  /** The address that a guest leases. */
  readonly address: (vmid: number) => Promise<string>;
}

/** A lab whose servers were brought into a state by its real cause, and what the doctor must find of a guest there. */
export interface ServerScene
  extends Pick<DoctorScene, 'vmid' | 'name' | 'template' | 'segment' | 'cause' | 'rules' | 'firstBroken'> {
  readonly setUp?: (tools: ServerSceneTools) => Promise<unknown>;
  /** What is wrong in truename.yaml, for this guest's look alone. */
  readonly configuration?: (yaml: string) => string;
  /** A script that is run in the guest while the doctor listens on its wire; left out: it does not listen. */
  readonly whileListening?: string;
}

/** Changes Unbound's configuration, and starts it anew as OPNsense does. */
function resolverTold(firewall: string, edit: string): string {
  return `sed -i '${edit}' /usr/local/etc/unbound.conf
old=$(pidof unbound); kill $old; while kill -0 $old 2>/dev/null; do sleep 0.1; done
setsid unbound -d -c /usr/local/etc/unbound.conf </dev/null >/dev/null 2>&1 &
n=0; until netstat -lun | grep -q '${firewall}:53 '; do n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.1; done`;
}

/** The servers of two segments, taken for each other. */
function mixedUp(yaml: string): string {
  return yaml.replaceAll(
    /dhcpServer: (mgmt|srv)/g,
    (_all, server) => `dhcpServer: ${server === 'srv' ? 'mgmt' : 'srv'}`,
  );
}

/** Whether a line of a lease file is of this MAC address. */
function isOf(mac: string): (line: string) => boolean {
  return (line) => line.toLowerCase().includes(` ${mac.toLowerCase()} `);
}

/** Every state of the servers that the lab can bring about by its real cause. */
export const serverScenes: readonly ServerScene[] = [
  {
    vmid: 831,
    name: 'abel',
    template: 9014,
    cause: 'a reservation of the guest’s MAC address with another name, at a real dnsmasq',
    setUp: async ({ cluster, firewalls }) => reserveName(firewalls.mgmt, await cluster.mac(831), 'aron'),
    rules: ['server-overrides-name'],
    firstBroken: 'lease',
  },
  {
    vmid: 832,
    name: 'bela',
    template: 9014,
    cause: 'a reservation that gives the guest’s name to another guest, which holds a lease',
    setUp: async ({ cluster, firewalls }) => reserveName(firewalls.mgmt, await cluster.mac(833), 'bela'),
    rules: ['name-held-by-other'],
    firstBroken: 'lease',
  },
  {
    vmid: 834,
    name: 'cleo',
    template: 9014,
    cause: 'a host entry of dnsmasq for the guest’s name with an address that it had once',
    setUp: ({ firewalls }) => addHostEntry(firewalls.mgmt, '10.2.10.77 cleo.mgmt.internal cleo'),
    rules: ['static-entry-shadows-lease'],
    firstBroken: 'forward',
  },
  {
    vmid: 835,
    name: 'dino',
    template: 9014,
    cause: 'a host entry of dnsmasq for the guest’s address with the name of whoever had it before',
    setUp: async ({ firewalls, address }) =>
      addHostEntry(firewalls.mgmt, `${await address(835)} gone.mgmt.internal gone`),
    rules: ['static-entry-shadows-lease'],
    firstBroken: 'lease',
  },
  {
    vmid: 836,
    name: 'elsa',
    template: 9014,
    segment: 'srv',
    cause:
      'a local zone of Unbound for the domain, of the type static and without forwarding to the DHCP server',
    setUp: ({ inside }) =>
      inside(
        'fw-srv',
        resolverTold(
          '10.2.20.1',
          's/^  chroot:/  local-zone: "srv.internal." static\\n&/; /name: "srv.internal."/,/forward-addr/s/srv.internal/nowhere.internal/',
        ),
      ),
    rules: ['dns-not-following-lease'],
    firstBroken: 'forward',
  },
  {
    vmid: 837,
    name: 'fips',
    template: 9014,
    cause: 'the DHCP servers of two segments taken for each other in truename.yaml',
    configuration: mixedUp,
    rules: ['asked-the-wrong-dhcp-server'],
    firstBroken: 'lease',
  },
  {
    vmid: 838,
    name: 'gina',
    template: 9014,
    cause: 'a host override of Unbound with an address that the guest does not have any more',
    setUp: ({ inside }) =>
      inside(
        'fw-mgmt',
        resolverTold('10.2.10.1', 's/^  chroot:/  local-data: "gina.mgmt.internal. IN A 10.2.10.88"\\n&/'),
      ),
    rules: ['stale-dns-record'],
    firstBroken: 'forward',
  },
  {
    vmid: 839,
    name: 'hugo',
    template: 9014,
    cause: 'a reservation by name alone, with another address, made while the guest holds a lease',
    setUp: ({ firewalls }) => configure(firewalls.mgmt, 'drift', ['dhcp-host=hugo,10.2.10.66']),
    rules: ['ip-drift'],
  },
  {
    vmid: 840,
    name: 'ilse',
    template: 9014,
    cause: 'a connection profile with `ipv4.dhcp-fqdn`, heard on the wire of the guest',
    setUp: ({ inside }) =>
      inside(
        '840',
        `uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli connection modify "$uuid" ipv4.dhcp-fqdn fritz.example; nmcli device reapply eth0; sleep 1`,
      ),
    whileListening: asksAgain,
    rules: ['client-sends-old-name', 'fqdn-option-wins'],
    firstBroken: 'dhcp-client',
  },
  {
    vmid: 841,
    name: 'jana',
    template: 9014,
    cause: 'a second dnsmasq that was given the lease without its name, and a resolver that asks that one',
    setUp: async ({ cluster, firewalls: { mgmt, srv }, inside }) => {
      const [own = ''] = (await readFile(mgmt.leaseFile, 'utf8'))
        .split('\n')
        .filter(isOf(await cluster.mac(841)));
      const copy = own.replace(' jana ', ' * ');
      await configure(srv, 'peer', ['local=/mgmt.internal/'], (lines) => [...lines, copy]);
      const edit = '/name: "mgmt.internal."/,/forward-addr/s/forward-addr: .*/forward-addr: 127.0.0.1@53053/';
      await inside('fw-srv', resolverTold('10.2.20.1', edit));
    },
    configuration: (yaml) => yaml.replace('resolvers: [mgmt]', 'resolvers: [mgmt, srv]'),
    rules: ['dns-not-following-lease', 'ha-peer-lacks-names'],
    firstBroken: 'forward',
  },
  {
    vmid: 842,
    name: 'karl',
    template: 9014,
    segment: 'srv',
    cause: 'a real dnsmasq with as many leases as it keeps, asked by a guest that has none',
    setUp: async ({ cluster, firewalls: { srv }, inside }) => {
      const isOwn = isOf(await cluster.mac(842));
      const others = (lines: readonly string[]) => lines.filter((line) => !isOwn(line));
      const kept = others((await readFile(srv.leaseFile, 'utf8')).split('\n').filter(Boolean));
      await configure(srv, 'room', [`dhcp-lease-max=${kept.length}`], others);
      await inside('842', 'nmcli device disconnect eth0; nmcli --wait 5 device connect eth0 || true');
    },
    rules: ['lease-table-full'],
    firstBroken: 'lease',
  },
  {
    vmid: 843,
    name: 'lena',
    template: 9014,
    cause: 'two reservations with one address, written and not yet read by dnsmasq',
    // The last of its firewall: it would not start again.
    setUp: async ({ cluster, firewalls: { mgmt }, address }) => {
      const given = await address(843);
      const own = `dhcp-host=${await cluster.mac(843)},lena,${given}`;
      await writeLines(mgmt, 'clash', [own, `dhcp-host=bc:24:11:99:99:99,${given}`]);
    },
    rules: ['reconfigure-would-break'],
  },
];

/** Guests that a scene needs beside its own. */
export const serverCompanions: readonly Pick<ServerScene, 'vmid' | 'name' | 'template' | 'segment'>[] = [
  { vmid: 833, name: 'boris', template: 9014 },
];
