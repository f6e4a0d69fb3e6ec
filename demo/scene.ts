import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabCluster } from '../lab/cluster.ts';
import type { Lab } from '../lab/lab.ts';
import { askResolver, firstLease, readLease } from '../lab/observe.ts';
import { nodeHost } from '../lab/segments.ts';
import type { RebuildReport } from '../src/cli/report.ts';
import type { DemoGuest } from './guests.ts';
import { truename } from './truename.ts';

/** What one guest went through; the demo's JSON line holds one of these for each. */
export interface GuestStory {
  readonly name: string;
  readonly vmid: number;
  readonly segment: string;
  readonly shape: string;
  readonly proved: boolean;
  /** Name in the server's own lease file; `*` for none. */
  readonly lease: { readonly before: string; readonly after: string; readonly afterReboot: string };
  /** Answer of the segment's resolver for the guest's full name, or the error code that came instead. */
  readonly dns: { readonly before: string; readonly after: string; readonly afterReboot: string };
  /** Seconds of each step. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** What the demo works with. */
export interface Scene {
  readonly lab: Lab;
  readonly cluster: LabCluster;
  /** Folder at the controller with truename.yaml and the guests' configurations. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Clones a template, and waits until the clone has its first lease. Returns the name it was granted under. */
export async function cloneGuest(scene: Scene, guest: DemoGuest): Promise<string> {
  const firewall = scene.lab.firewalls[guest.segment];
  await scene.cluster.clone(guest.template, guest.vmid, guest.name, firewall.segment.bridge);
  const mac = await scene.cluster.mac(guest.vmid);
  const lease = await firstLease(firewall, mac, 60_000);
  scene.say(
    `  ${guest.name} (VM ${guest.vmid}, ${guest.segment}, ${guest.shape}) leases ${lease.address} as ${lease.name}`,
  );
  return lease.name;
}

/** What the lab itself reads: the name in the lease file and the resolver's answer. */
export async function look(
  scene: Scene,
  guest: DemoGuest,
): Promise<{ lease: string; dns: string; agrees: boolean }> {
  const firewall = scene.lab.firewalls[guest.segment];
  const lease = await readLease(firewall, await scene.cluster.mac(guest.vmid));
  const { domain, firewall: server } = firewall.segment;
  const dns = await askResolver(scene.lab.controller, server, `${guest.name}.${domain}`, 'A');
  return { lease: lease?.name ?? 'none', dns, agrees: lease?.name === guest.name && lease.address === dns };
}

/** Runs `truename rebuild` for a guest, its progress shown; returns its report. */
export async function runRebuild(
  scene: Scene,
  guest: DemoGuest,
  extra: readonly string[] = [],
): Promise<RebuildReport> {
  const args = [
    'rebuild',
    guest.name,
    String(guest.vmid),
    nodeHost.name,
    join(scene.folder, `${guest.name}.nix`),
    '--json',
    ...extra,
  ];
  const { stdout } = await truename(scene.lab.controller, args, { cwd: scene.folder, show: true });
  return JSON.parse(stdout) as RebuildReport;
}

/** Reboots all guests by the hypervisor, and waits until each shows another boot id and has its address again. */
export async function rebootAll(scene: Scene, guests: readonly DemoGuest[]): Promise<void> {
  const before = new Map<number, string>();
  for (const { vmid } of guests) before.set(vmid, await bootId(scene, vmid));
  await Promise.all(guests.map(({ vmid }) => scene.cluster.power(vmid, 'reboot')));
  for (const { vmid, name } of guests) {
    while (['', before.get(vmid)].includes(await bootId(scene, vmid).catch(() => ''))) await delay(200);
    scene.say(`  ${name} has booted again`);
  }
}

async function bootId(scene: Scene, vmid: number): Promise<string> {
  const file = encodeURIComponent('/proc/sys/kernel/random/boot_id');
  const path = `/nodes/${nodeHost.name}/qemu/${vmid}/agent/file-read?file=${file}`;
  return ((await scene.cluster.call('GET', path)) as { content: string }).content.trim();
}
