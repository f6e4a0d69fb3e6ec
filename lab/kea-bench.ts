import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { command } from './command.ts';
import { type KeaHost, type KeaOptions, startKea } from './kea.ts';
import { createLabFolder, identify, type ProcessIdentity } from './lab-file.ts';
import { createBridge, createNamespace, type Namespace, plug } from './network.ts';
import { labPaths } from './paths.ts';
import { removeLab } from './sweep.ts';
import { prepareKeaTree } from './tree/kea-tree.ts';
import type { KeaVersion } from './tree/packages.ts';
import { prepareTrees } from './tree/trees.ts';

/** A Kea alone at a bridge with one client, without the rest of a lab. */
export interface KeaBench {
  readonly kea: KeaHost;
  /** Asks for a lease with this name, as a DHCP client of its own; resolves when it has one. */
  lease(mac: string, name: string): Promise<void>;
  down(): Promise<void>;
}

/** Addresses of a bench. */
export const benchNetwork = {
  bridge: 'lan',
  address: '10.2.30.1',
  subnet: '10.2.30.0/24',
  firstLease: '10.2.30.100',
  lastLease: '10.2.30.199',
} as const;

/** Starts a Kea of this version. */
export async function openKeaBench(version: KeaVersion, more?: KeaOptions['more']): Promise<KeaBench> {
  const paths = labPaths(randomBytes(3).toString('hex'));
  const owner = (await identify(process.pid)) as ProcessIdentity;
  const say = () => undefined;
  const tree = await prepareKeaTree(version, say);
  await createLabFolder(paths, { id: paths.id, owner, trees: await prepareTrees(say) });
  const at = await createNamespace(paths.id, 'node');
  await createBridge(at, benchNetwork.bridge, '02:00:00:00:03:00');
  const options = { ...benchNetwork, name: 'kea', at, ...(more === undefined ? {} : { more }) };
  const kea = await startKea(paths, tree, options);
  const client = await createNamespace(paths.id, 'client');
  return {
    kea,
    lease: (mac, name) => askForLease(join(tree, 'usr/bin/busybox'), { client, at, mac, name }),
    down: () => removeLab(paths.id),
  };
}

/** busybox(1), udhcpc: `-q` ends it once it has a lease, `-n` where it gets none. */
async function askForLease(
  busybox: string,
  { client, at, mac, name }: { client: Namespace; at: Namespace; mac: string; name: string },
): Promise<void> {
  const device = `c${mac.slice(-2)}`;
  await plug({ host: client, device, mac, at, bridge: benchNetwork.bridge, port: `port${device}` });
  const asking = ['udhcpc', '-f', '-q', '-n', '-i', device, '-x', `hostname:${name}`, '-s', '/bin/true'];
  await command('ip', ['netns', 'exec', client.name, busybox, ...asking]);
}
