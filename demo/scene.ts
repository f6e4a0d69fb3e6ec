import { setTimeout as delay } from 'node:timers/promises';
import type { LabCluster } from '../lab/cluster.ts';
import type { Lab } from '../lab/lab.ts';
import { askResolver, firstLease, type ReadLease, readLease } from '../lab/observe.ts';
import { nodeHost } from '../lab/segments.ts';
import type { DemoGuest } from './guests.ts';

/** What the demo works with. */
export interface Scene {
  readonly lab: Lab;
  readonly cluster: LabCluster;
  /** Folder at the controller with truename.yaml and the guests' configurations. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly colour: boolean;
}

/** What the lab itself reads of a guest. */
export interface Look {
  /** The name in the server's own lease file; `*` for none. */
  readonly lease: string;
  /** Answer of the segment's resolver for the guest's full name, or the error code that came instead. */
  readonly dns: string;
  /** The lease bears the guest's own name, and the resolver gives its address for it. */
  readonly agrees: boolean;
}

/** Clones a template, and waits until the clone has its first lease. */
export async function cloneGuest(scene: Scene, guest: DemoGuest): Promise<ReadLease> {
  const firewall = scene.lab.firewalls[guest.segment];
  await scene.cluster.clone(guest.template, guest.vmid, guest.name, firewall.segment.bridge);
  return firstLease(firewall, await scene.cluster.mac(guest.vmid), 60_000);
}

/** Says what a clone leases, and under which name. */
export function sayLease({ say }: Scene, guest: DemoGuest, { address, name }: ReadLease): void {
  say(`  ${guest.name} (VM ${guest.vmid}, ${guest.segment}, ${guest.shape}) leases ${address} as ${name}`);
}

/** What the lab itself reads: the name in the lease file and the resolver's answer. */
export async function look(scene: Scene, guest: DemoGuest): Promise<Look> {
  const firewall = scene.lab.firewalls[guest.segment];
  const lease = await readLease(firewall, await scene.cluster.mac(guest.vmid));
  const { domain, firewall: server } = firewall.segment;
  const dns = await askResolver(scene.lab.controller, server, `${guest.name}.${domain}`, 'A');
  return { lease: lease?.name ?? 'none', dns, agrees: lease?.name === guest.name && lease.address === dns };
}

/** Looks at guests one after the other, and says what is seen. */
export async function lookAtAll(scene: Scene, guests: readonly DemoGuest[]): Promise<Map<string, Look>> {
  const looks = new Map<string, Look>();
  scene.say("\nThe lab's own look, at the servers' lease files and the resolvers:");
  for (const guest of guests) {
    const seen = await look(scene, guest);
    looks.set(guest.name, seen);
    scene.say(`  ${guest.name} leases as ${seen.lease}, and resolves to ${seen.dns}`);
  }
  return looks;
}

/** Reboots all guests by the hypervisor, and waits until each shows another boot id. */
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
