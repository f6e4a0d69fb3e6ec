import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeCertificates } from './certificate.ts';
import { command } from './command.ts';
import { type Controller, knowHosts, prepareController } from './controller.ts';
import { type Firewall, startFirewall } from './firewall.ts';
import { createLabFolder, identify, type ProcessIdentity, writeLabFile } from './lab-file.ts';
import { createBridge, createNamespace } from './network.ts';
import { startNodeHost } from './node-host.ts';
import { type LabPaths, labPaths } from './paths.ts';
import { type LabSegment, labSegments, nodeNamespace } from './segments.ts';
import { removeLab, sweepDeadLabs } from './sweep.ts';
import { prepareTrees } from './tree/trees.ts';

/** A running lab: two segments with a firewall each, a node with templates, and a place to work from. */
export interface Lab {
  readonly paths: LabPaths;
  readonly controller: Controller;
  readonly firewalls: Readonly<Record<LabSegment['name'], Firewall>>;
  /** The process that answers as Proxmox. */
  readonly facade: ProcessIdentity;
  /** Ends the lab and removes every trace of it. */
  down(): Promise<void>;
}

/** How a lab is started. */
export interface LabOptions {
  readonly say?: (line: string) => void;
  /** True: the lab outlives this process and ends with its facade. */
  readonly stay?: boolean;
}

/** Cleans up after crashed labs and starts a new one; a minute longer where trees must be built first. */
export async function startLab({ say = () => undefined, stay = false }: LabOptions = {}): Promise<Lab> {
  const trees = await prepareTrees(say);
  for (const id of await sweepDeadLabs()) say(`removed what the crashed lab ${id} had left`);
  await allowManyGuests();

  const paths = labPaths(randomBytes(3).toString('hex'));
  const owner = (await identify(process.pid)) as ProcessIdentity;
  await createLabFolder(paths, { id: paths.id, owner, trees });
  try {
    await command('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', paths.key]);
    await makeCertificates(paths, trees.firewall);
    const at = await createNamespace(paths.id, nodeNamespace);
    for (const [index, bridge] of [...labSegments.map((each) => each.bridge), 'transit'].entries())
      await createBridge(at, bridge, `02:00:00:00:01:0${index}`);
    const controller = await prepareController(paths, at);
    const [mgmt, srv, node] = await Promise.all([
      ...labSegments.map((segment) => startFirewall(paths, trees.firewall, at, segment)),
      startNodeHost(paths, trees.node, at),
    ] as [Promise<Firewall>, Promise<Firewall>, ReturnType<typeof startNodeHost>]);
    await hostKeysAreThere(paths);
    await knowHosts(paths);
    if (stay) await writeLabFile(paths, { id: paths.id, owner: node.facade, trees });
    return {
      paths,
      controller,
      firewalls: { mgmt, srv },
      facade: node.facade,
      down: () => removeLab(paths.id),
    };
  } catch (error) {
    await removeLab(paths.id);
    throw error;
  }
}

async function hostKeysAreThere(paths: LabPaths): Promise<void> {
  for (const host of ['fw-mgmt', 'fw-srv', 'node']) {
    const key = join(paths.host(host), 'root/etc/ssh/ssh_host_ed25519_key.pub');
    while (
      !(await stat(key).then(
        (found) => found.size > 0,
        () => false,
      ))
    )
      await delay(20);
  }
}

/** Enough for a few dozen guests; a machine that allows more is left as it is. */
const inotifyInstances = 8192;

/** Each guest's systemd and D-Bus watch files; at the kernel's default of 128 most guests would fail to boot. */
async function allowManyGuests(): Promise<void> {
  const setting = '/proc/sys/fs/inotify/max_user_instances';
  if (Number(await readFile(setting, 'utf8')) < inotifyInstances)
    await writeFile(setting, String(inotifyInstances));
}
