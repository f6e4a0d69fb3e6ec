import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostsFolder } from '../../lab/firewall.ts';
import { snippetFolder } from '../../lab/node-host.ts';
import { nodeHost } from '../../lab/segments.ts';
import { labContainers, labTemplates } from '../../lab/templates.ts';
import type { Stage } from './stage.ts';

/** Everything that a run of `clone` may leave, as cluster, storage and DHCP servers show it. */
export interface Inventory {
  /** `NUMBER NAME MAC`, with its lock where it has one. */
  readonly guests: readonly string[];
  /** Numbers of the guests that the storage holds a disk of. */
  readonly disks: readonly number[];
  /** `MAC NAME` of each line that Truename wrote, lower case. */
  readonly reservations: readonly string[];
  readonly snippets: readonly string[];
}

/** Looks at all of it, around Truename. */
export async function inventoryOf({ lab, cluster }: Stage): Promise<Inventory> {
  const made = new Set<number>([...labTemplates, ...labContainers].map(({ vmid }) => vmid));
  const listed = (await cluster.call('GET', '/cluster/resources?type=vm')) as { vmid: number }[];
  const numbers = listed.map(({ vmid }) => vmid).filter((vmid) => !made.has(vmid));
  const guests = numbers.map(async (vmid) => {
    const path = `/nodes/${nodeHost.name}/qemu/${vmid}/config`;
    const config = (await cluster.call('GET', path)) as Record<string, unknown>;
    const mac = /=([0-9A-F:]{17})/i.exec(String(config.net0))?.[1]?.toLowerCase();
    return [vmid, config.name, mac, ...(config.lock === undefined ? [] : [config.lock])].join(' ');
  });
  const folders = await readdir(join(lab.paths.root, 'host'));
  const disks = folders.filter((name) => /^\d+$/.test(name)).map(Number);
  return {
    guests: (await Promise.all(guests)).sort(),
    disks: disks.filter((vmid) => !made.has(vmid)).sort((left, right) => left - right),
    reservations: (await Promise.all(Object.values(lab.firewalls).map(reservedAt))).flat().sort(),
    snippets: await readdir(join(snippetFolder(lab.paths), 'local/snippets')),
  };
}

async function reservedAt({ root }: Stage['lab']['firewalls']['mgmt']): Promise<string[]> {
  const folder = join(root, hostsFolder);
  const texts = await Promise.all(
    (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')),
  );
  return texts
    .join('\n')
    .split('\n')
    .map((line) => line.replace(/#.*|"/g, '').trim().toLowerCase())
    .filter((line) => line !== '')
    .map((line) => line.split(',').slice(0, 2).join(' '));
}

/** What the inventory is when these guests are whole, and nothing is left of any other. */
export function wholeOf(inventory: Inventory): Pick<Inventory, 'disks' | 'reservations' | 'snippets'> {
  const parts = inventory.guests.map((line) => line.split(' '));
  return {
    disks: parts.map(([vmid]) => Number(vmid)).sort((left, right) => left - right),
    reservations: parts.map(([, name, mac]) => `${mac} ${name}`).sort(),
    snippets: [],
  };
}
