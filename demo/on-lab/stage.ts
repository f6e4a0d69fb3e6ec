import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabCluster } from '../../lab/cluster.ts';
import { runInside } from '../../lab/inside.ts';
import type { Lab } from '../../lab/lab.ts';
import { askResolver, firstLease, readLease } from '../../lab/observe.ts';
import { nodeHost } from '../../lab/segments.ts';
import type { FixedGuest } from '../guests.ts';
import type { Stage } from '../stage.ts';
import { truenameReport } from '../truename.ts';

/** What the lab is played with. */
export interface LabScene {
  readonly lab: Lab;
  readonly cluster: LabCluster;
  /** Folder at the controller with truename.yaml and the guests' configurations. */
  readonly folder: string;
}

/**
 * What brings a guest to lease as its template, where a fresh clone does not: shell scripts, run in it as root. dhcpcd
 * forgets a renewal that it is told to make while it probes its address, so it is told until the server has answered.
 */
const spoil: Readonly<Record<FixedGuest['shape'], string | undefined>> = {
  'network-manager': `uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm
nmcli device reapply eth0`,
  networkd: undefined,
  dhcpcd: `hostnamectl set-hostname debian13-dhcpcd
while [ "$(uname -n)" != debian13-dhcpcd ]; do sleep 0.1; done
n=0
until dhcpcd -U -4 eth0 2>/dev/null | grep -q '^host_name=.*debian13-dhcpcd' || [ $n -ge 15 ]; do
  n=$((n + 1)); dhcpcd -N eth0 2>/dev/null; sleep 1
done`,
};

/** At most a minute. */
const waitUntilSettled = `n=0
until systemctl is-active -q qemu-guest-agent && [ -e /run/cloud-init/result.json ]; do
  n=$((n + 1)); [ $n -lt 300 ]; sleep 0.2
done`;

/** dhcpcd probes an address for some seconds before it has it (RFC 5227), while everything else has booted. */
const waitUntilBound = `n=0
until dhcpcd -U -4 eth0 2>/dev/null | grep -q '^ip_address='; do
  n=$((n + 1)); [ $n -lt 150 ]; sleep 0.2
done`;

/** The lab as a stage: real parts, in namespaces and containers. */
export function labStage(
  { lab, cluster, folder }: LabScene,
  { say, colour }: Pick<Stage, 'say' | 'colour'>,
): Stage {
  const inside = (vmid: number, script: string) => runInside(lab.paths, String(vmid), script);
  return {
    world: 'lab',
    node: nodeHost.name,
    ownLook: "The lab's own look, at the servers' lease files and the resolvers",
    say,
    colour,
    elapsed: () => performance.now(),
    sleep: (ms) => delay(ms),
    async clone({ template, vmid, name, segment }) {
      const firewall = lab.firewalls[segment];
      await cluster.clone(template, vmid, name, firewall.segment.bridge);
      return firstLease(firewall, await cluster.mac(vmid), 60_000);
    },
    async settled({ vmid, shape }) {
      await inside(vmid, waitUntilSettled);
      if (shape === 'dhcpcd') await inside(vmid, waitUntilBound);
    },
    async spoil({ vmid, shape }) {
      const script = spoil[shape];
      if (script !== undefined) await inside(vmid, script);
    },
    lease: async ({ vmid, segment }) => readLease(lab.firewalls[segment], await cluster.mac(vmid)),
    resolve({ name, segment }) {
      const { domain, firewall } = lab.firewalls[segment].segment;
      return askResolver(lab.controller, firewall, `${name}.${domain}`, 'A');
    },
    async reboot(guests, booted) {
      const before = new Map<number, string>();
      for (const { vmid } of guests) before.set(vmid, await bootId(cluster, vmid));
      await Promise.all(guests.map(({ vmid }) => cluster.power(vmid, 'reboot')));
      for (const guest of guests) {
        const { vmid } = guest;
        while (['', before.get(vmid)].includes(await bootId(cluster, vmid).catch(() => ''))) await delay(200);
        booted(guest);
      }
    },
    async write(name, text) {
      const file = join(folder, name);
      await writeFile(file, text);
      return file;
    },
    truename: async <Report>(words: readonly string[]) =>
      (await truenameReport<Report>(lab.controller, words, { cwd: folder, show: true })).report,
  };
}

async function bootId(cluster: LabCluster, vmid: number): Promise<string> {
  const file = encodeURIComponent('/proc/sys/kernel/random/boot_id');
  const path = `/nodes/${nodeHost.name}/qemu/${vmid}/agent/file-read?file=${file}`;
  return ((await cluster.call('GET', path)) as { content: string }).content.trim();
}
