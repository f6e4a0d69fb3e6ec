import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentReply } from '../facades/proxmox/faults.ts';
import type { ApiToken } from '../facades/proxmox/identity.ts';
import { startProxmoxFacade } from '../facades/proxmox/server.ts';
import { certificateFiles } from './certificate.ts';
import { clusterState } from './cluster-state.ts';
import type { Disk } from './disk.ts';
import { createGuestWorld } from './guest-world.ts';
import { readLabFile } from './lab-file.ts';
import { facadeFolder, snippetFolder } from './node-host.ts';
import { type LabPaths, labPaths } from './paths.ts';
import { nodeHost } from './segments.ts';
import { labContainers, labTemplates, labTokens } from './templates.ts';
import { profileShapes } from './tree/shapes.ts';
import type { DiskName } from './tree/trees.ts';

/** The process that answers as Proxmox in a lab: `facade-main.ts LAB`, in the node's network. */
async function main(id: string): Promise<void> {
  const paths = labPaths(id);
  const file = await readLabFile(paths);
  if (file === undefined) throw new Error(`there is no lab ${id}`);
  const diskOf = (name: DiskName): Disk => ({
    layers: file.trees.disk[name],
    fallbackName: profileShapes.some((each) => each === name) ? 'nixos' : 'localhost',
  });
  const disks = new Map([...labTemplates, ...labContainers].map(({ vmid, disk }) => [vmid, diskOf(disk)]));
  const tls = certificateFiles(paths);
  const facade = await startProxmoxFacade({
    world: createGuestWorld({ paths, disks }),
    state: clusterState((await readFile(`${paths.key}.pub`, 'utf8')).trim()),
    certificate: { key: await readFile(tls.key, 'utf8'), cert: await readFile(tls.certificate, 'utf8') },
    host: nodeHost.address,
    port: 8006,
    unixSocket: join(facadeFolder(paths), 'api.sock'),
    snippetFolder: snippetFolder(paths),
    tokens: await makeTokens(paths),
  });
  facade.faults.agentReply = (vmid, command, real) => lie(paths, vmid, command.execute) ?? real;
}

/** The tokens of the lab; their secrets are written down for whoever is to use them. */
async function makeTokens(paths: LabPaths): Promise<ApiToken[]> {
  const tokens: ApiToken[] = [];
  for (const { id, privileges, secretFile } of Object.values(labTokens)) {
    const secret = randomUUID();
    await writeFile(join(paths.root, secretFile), secret, { mode: 0o600 });
    tokens.push({ id, secret, acl: [{ path: '/', privileges }] });
  }
  return tokens;
}

/** What a test made the agent of a guest say, from `lies.json`; undefined where it tells the truth. */
function lie(paths: LabPaths, vmid: number, command: string): AgentReply | undefined {
  let text: string;
  try {
    text = readFileSync(join(facadeFolder(paths), 'lies.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const lies = JSON.parse(text) as Record<string, Record<string, unknown>>;
  const said = lies[String(vmid)]?.[command];
  return said === undefined ? undefined : { return: said };
}

await main(process.argv[2] ?? '');
