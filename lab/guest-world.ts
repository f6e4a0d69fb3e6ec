import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine, World } from '../facades/proxmox/world.ts';
import { type Container, powerOff, pullPlug, startContainer } from './container.ts';
import { createNamespace, namespaceOf, plug, removeNamespace } from './network.ts';
import { mountOverlay, unmountOverlay } from './overlay.ts';
import type { LabPaths } from './paths.ts';
import { smbiosTable } from './smbios.ts';

/** How often the agent's socket of a booting guest would be looked for is the caller's affair; one look each. */
export interface GuestWorldOptions {
  readonly paths: LabPaths;
  /** Layers of each template's disk by its number, uppermost first. */
  readonly templates: ReadonlyMap<number, readonly string[]>;
}

/** Real guests behind the Proxmox facade: systemd in containers with a network namespace each. */
export function createGuestWorld({ paths, templates }: GuestWorldOptions): World {
  const disks = new Map<number, readonly string[]>(templates);
  const containers = new Map<number, Container>();

  return {
    async clone(source, target) {
      const layers = disks.get(source);
      if (layers === undefined) throw new Error(`no disk of VM ${source}`);
      await mkdir(guestFolder(paths, target), { recursive: true });
      disks.set(target, layers);
    },
    async start(machine) {
      const layers = disks.get(machine.vmid);
      if (layers === undefined) throw new Error(`no disk of VM ${machine.vmid}`);
      const container = await startGuest(paths, layers, machine);
      containers.set(machine.vmid, container);
      void container.ended.then(async () => {
        if (containers.get(machine.vmid) === container) containers.delete(machine.vmid);
      });
    },
    async shutdown(vmid, timeoutMs) {
      const container = containers.get(vmid);
      if (container === undefined) return true;
      const off = await powerOff(container, timeoutMs);
      if (off) await putAway(paths, vmid);
      return off;
    },
    async stop(vmid) {
      const container = containers.get(vmid);
      if (container === undefined) return;
      await pullPlug(container);
      await putAway(paths, vmid);
    },
    running: (vmid) => containers.has(vmid),
    async agentSocket(vmid) {
      const leader = await containers.get(vmid)?.leader();
      return leader === undefined ? undefined : `/proc/${leader}/root/run/qga.sock`;
    },
    async destroy(vmid) {
      disks.delete(vmid);
      await rm(guestFolder(paths, vmid), { recursive: true, force: true });
    },
  };
}

/** The folder of a guest's disk, seed and firmware. */
function guestFolder(paths: LabPaths, vmid: number): string {
  return paths.host(String(vmid));
}

async function startGuest(paths: LabPaths, layers: readonly string[], machine: Machine): Promise<Container> {
  const folder = guestFolder(paths, machine.vmid);
  await putAway(paths, machine.vmid);
  const { root } = await mountOverlay(folder, layers);
  await writeSeed(root, machine);
  await mkdir(join(folder, 'firmware/dmi/tables'), { recursive: true });
  await writeFile(join(folder, 'firmware/dmi/tables/DMI'), smbiosTable(machine.uuid), { mode: 0o400 });
  const namespace = await createNamespace(paths.id, String(machine.vmid));
  for (const [index, nic] of machine.nics.entries()) {
    await plug({
      host: namespace,
      device: `eth${index}`,
      mac: nic.mac,
      at: namespaceOf(paths.id, 'switch'),
      bridge: nic.bridge ?? 'transit',
      port: `v${machine.vmid}n${index}`,
    });
  }
  return startContainer({
    root,
    machine: namespace.name,
    namespace,
    hostname: 'nixos',
    readOnly: [`${join(folder, 'firmware')}:/sys/firmware`],
    logFile: paths.log(String(machine.vmid)),
  });
}

/** A container cannot be given the disc itself; cloud-init reads the same four files from its seed folder. */
async function writeSeed(root: string, machine: Machine): Promise<void> {
  const folder = join(root, 'var/lib/cloud/seed/nocloud');
  await rm(folder, { recursive: true, force: true });
  if (machine.seed === undefined) return;
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(machine.seed)) await writeFile(join(folder, name), text);
}

async function putAway(paths: LabPaths, vmid: number): Promise<void> {
  await removeNamespace(namespaceOf(paths.id, String(vmid)).name);
  await unmountOverlay(guestFolder(paths, vmid));
}
