import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeaConfiguration } from '../facades/opnsense/kea-configuration.ts';
import type { KeaLease, KeaWorld } from '../facades/opnsense/world.ts';
import { startContainer } from './container.ts';
import type { Firewall } from './firewall.ts';
import { askKea, type KeaHost, keaFile, keaRuns, startKeaDaemon, stopKea } from './kea.ts';
import { mountOverlay } from './overlay.ts';
import type { LabPaths } from './paths.ts';

/** Its daemon's machine. */
type Place = Pick<KeaHost, 'namespace' | 'container' | 'root'>;

/** A real Kea as what lies behind the API of an OPNsense. */
export function opnsenseKea(place: Place): KeaWorld {
  return {
    async apply(configuration) {
      await stopKea(place);
      if (configuration === undefined) return;
      await writeFile(join(place.root, keaFile), onDebian(configuration), { mode: 0o600 });
      await startKeaDaemon(place);
    },
    running: () => keaRuns(place),
    leases: () => livingLeases(place),
    leaseFile: () => readFile(join(place.root, 'var/lib/kea/kea-leases4.csv'), 'utf8').catch(() => ''),
    forget: async (address) => {
      const told = { command: 'lease4-del', arguments: { 'ip-address': address } };
      return (await answerOf(place, told))?.result === 0;
    },
  };
}

/** Prepares a place for the Kea of a firewall, in its own network; nothing is started there. */
export async function keaOfFirewall(
  paths: LabPaths,
  tree: string,
  { namespace, segment }: Firewall,
): Promise<Place> {
  const name = `kea-${segment.name}`;
  const folder = paths.host(name);
  await mkdir(folder, { recursive: true });
  const { root } = await mountOverlay(folder, [tree]);
  const folders = '/run/kea /run/lock/kea /var/lib/kea /var/log/kea';
  const container = await startContainer({
    ...{ root, namespace, machine: `${namespace.name}-kea`, hostname: 'firewall', logFile: paths.log(name) },
    program: ['/bin/sh', '-c', `mkdir -p ${folders}; chmod 0750 ${folders}; exec sleep infinity`],
  });
  return { namespace, container, root };
}

/** S/kea/get_kea_leases.py: of the subnets that Kea says it serves; nobody has an answer from one that takes 5 s (lib/kea_ctrl.py). */
async function livingLeases(place: Place): Promise<readonly KeaLease[] | undefined> {
  const running = (await answerOf(place, { command: 'config-get' }))?.arguments as
    | KeaConfiguration
    | undefined;
  if (running === undefined) return undefined;
  const subnets = running.Dhcp4.subnet4.map(({ id }) => id);
  const given = await answerOf(place, { command: 'lease4-get-all', arguments: { subnets } });
  if (given === undefined) return undefined;
  const { leases = [] } = (given.arguments ?? {}) as { leases?: readonly KeaLease[] };
  return leases.map((each) => ({ ...each, 'client-id': each['client-id'] ?? '' }));
}

async function answerOf(place: Place, command: Readonly<Record<string, unknown>>) {
  if (!(await keaRuns(place))) return undefined;
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, 5000, undefined).unref());
  return Promise.race([askKea(place, command).catch(() => undefined), late]);
}

/** The same with Debian's paths, less what its Kea does not have: host commands belong to the open part since Kea 3.0. */
function onDebian({ Dhcp4 }: KeaConfiguration): string {
  const libraries = (Dhcp4['hooks-libraries'] ?? []) as readonly { readonly library: string }[];
  const own = {
    ...Dhcp4,
    'control-socket': { 'socket-type': 'unix', 'socket-name': '/run/kea/kea4-ctrl-socket' },
    loggers: [{ name: 'kea-dhcp4', output_options: [{ output: 'stdout' }], severity: 'INFO' }],
    'hooks-libraries': libraries
      .filter(({ library }) => !library.includes('host_cmds'))
      .map(({ library }) => ({
        library: library.replace('/usr/local/lib/kea', '/usr/lib/x86_64-linux-gnu/kea'),
      })),
  };
  return `${JSON.stringify({ Dhcp4: own }, undefined, 4)}\n`;
}
