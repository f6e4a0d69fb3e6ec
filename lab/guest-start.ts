import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine, VirtualMachine } from '../facades/proxmox/world.ts';
import { type Container, startContainer } from './container.ts';
import { setUpContainer } from './container-setup.ts';
import { type Disk, guestFolder } from './disk.ts';
import { createNamespace, type Namespace, namespaceOf, plug, removeNamespace } from './network.ts';
import { mountOverlay, unmountOverlay } from './overlay.ts';
import type { LabPaths } from './paths.ts';
import { nodeNamespace } from './segments.ts';
import { smbiosTable } from './smbios.ts';

/** Mounts a guest's disk, plugs it into its bridges and boots it; resolves as soon as its PID 1 runs. */
export async function startGuest(paths: LabPaths, disk: Disk, machine: Machine): Promise<Container> {
  const folder = guestFolder(paths, machine.vmid);
  await putAway(paths, machine.vmid);
  const { root } = await mountOverlay(folder, disk.layers);
  const readOnly: string[] = [];
  if (machine.kind === 'container') {
    await setUpContainer(root, machine);
  } else {
    await writeSeed(root, machine.seed);
    readOnly.push(`${await makeFirmware(folder, machine)}:/sys/firmware`);
  }
  const namespace = await createNamespace(paths.id, String(machine.vmid));
  await plugIn(paths, namespace, machine);
  return startContainer({
    root,
    machine: namespace.name,
    namespace,
    hostname: machine.kind === 'container' ? machine.hostname : disk.fallbackName,
    readOnly,
    logFile: paths.log(String(machine.vmid)),
  });
}

/** Removes what only a running guest has: its network and its mount. */
export async function putAway(paths: LabPaths, vmid: number): Promise<void> {
  await removeNamespace(namespaceOf(paths.id, String(vmid)).name);
  await unmountOverlay(guestFolder(paths, vmid));
}

/** Ports are called as on a node: qemu-server QemuServer/Network.pm `tap<vmid>i<n>`, pve-container `veth<vmid>i<n>`. */
async function plugIn(paths: LabPaths, host: Namespace, machine: Machine): Promise<void> {
  const at = namespaceOf(paths.id, nodeNamespace);
  const cables =
    machine.kind === 'container'
      ? machine.nics.map((nic) => ({ nic, device: nic.name, prefix: 'veth' }))
      : machine.nics.map((nic, index) => ({ nic, device: `eth${index}`, prefix: 'tap' }));
  for (const { nic, device, prefix } of cables) {
    const port = `${prefix}${machine.vmid}i${nic.slot.slice('net'.length)}`;
    await plug({ host, device, mac: nic.mac, at, bridge: nic.bridge ?? 'transit', port });
  }
}

/** A container cannot be given the disc itself; cloud-init reads the same four files from its seed folder. */
export async function writeSeed(root: string, seed: VirtualMachine['seed']): Promise<void> {
  const folder = join(root, 'var/lib/cloud/seed/nocloud');
  await rm(folder, { recursive: true, force: true });
  if (seed === undefined) return;
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(seed)) await writeFile(join(folder, name), text);
}

async function makeFirmware(folder: string, machine: VirtualMachine): Promise<string> {
  const firmware = join(folder, 'firmware');
  await mkdir(join(firmware, 'dmi/tables'), { recursive: true });
  await writeFile(join(firmware, 'dmi/tables/DMI'), smbiosTable(machine.uuid), { mode: 0o400 });
  return firmware;
}
