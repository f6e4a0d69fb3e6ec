import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentReply } from '../facades/proxmox/faults.ts';
import { startProxmoxFacade } from '../facades/proxmox/server.ts';
import type { ClusterState } from '../facades/proxmox/state.ts';
import { certificateFiles } from './certificate.ts';
import { createGuestWorld } from './guest-world.ts';
import { readLabFile } from './lab-file.ts';
import { facadeFolder } from './node-host.ts';
import { type LabPaths, labPaths } from './paths.ts';
import { labSegments, nodeHost } from './segments.ts';
import { labTemplates, labToken } from './templates.ts';

/** The process that answers as Proxmox in a lab: `facade-main.ts LAB`, in the node's network. */
async function main(id: string): Promise<void> {
  const paths = labPaths(id);
  const file = await readLabFile(paths);
  if (file === undefined) throw new Error(`there is no lab ${id}`);
  const layers = new Map(labTemplates.map(({ vmid, shape }) => [vmid, file.trees.template[shape]]));
  const world = createGuestWorld({ paths, templates: layers });
  const tls = certificateFiles(paths);
  const secret = randomUUID();
  await writeFile(join(paths.root, 'token-secret'), secret, { mode: 0o600 });
  const facade = await startProxmoxFacade({
    world,
    state: clusterState((await readFile(`${paths.key}.pub`, 'utf8')).trim()),
    certificate: { key: await readFile(tls.key, 'utf8'), cert: await readFile(tls.certificate, 'utf8') },
    host: nodeHost.address,
    port: 8006,
    unixSocket: join(facadeFolder(paths), 'api.sock'),
    tokens: [{ id: labToken.id, secret, acl: [{ path: '/', privileges: labToken.privileges }] }],
  });
  facade.faults.agentReply = (vmid, command, real) => lie(paths, vmid, command.execute) ?? real;
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

function clusterState(publicKey: string): ClusterState {
  return {
    nodes: [{ name: nodeHost.name, ip: nodeHost.address, aliases: [`${nodeHost.name}.mgmt.internal`] }],
    storages: [{ id: 'local-lvm', type: 'lvmthin' }],
    bridges: labSegments.map((each) => each.bridge),
    guests: labTemplates.map(({ vmid, name }, index) => ({
      vmid,
      node: nodeHost.name,
      config: {
        name,
        template: 1,
        agent: '1',
        cores: 2,
        memory: '2048',
        ostype: 'l26',
        scsi0: `local-lvm:base-${vmid}-disk-0,size=8G`,
        ide2: `local-lvm:vm-${vmid}-cloudinit,media=cdrom`,
        net0: `virtio=BC:24:11:00:90:0${index},bridge=lan`,
        ipconfig0: 'ip=dhcp',
        ciuser: 'tappaas',
        ciupgrade: 0,
        sshkeys: encodeURIComponent(publicKey),
        smbios1: `uuid=${randomUUID()}`,
      },
    })),
  };
}

await main(process.argv[2] ?? '');
