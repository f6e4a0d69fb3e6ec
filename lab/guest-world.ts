import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../facades/proxmox/world.ts';
import { type Container, powerOff, pullPlug } from './container.ts';
import { execInside, interfacesInside } from './container-inside.ts';
import { copyDisk, type Disk, guestFolder } from './disk.ts';
import { putAway, startGuest, writeSeed } from './guest-start.ts';
import { namespaceOf } from './network.ts';
import type { LabPaths } from './paths.ts';

/** What there is before anybody clones. */
export interface GuestWorldOptions {
  readonly paths: LabPaths;
  /** The disks of templates and containers by their number. */
  readonly disks: ReadonlyMap<number, Disk>;
}

/** Real guests behind the Proxmox facade: systemd in containers with a network namespace each. */
export function createGuestWorld({ paths, disks: initial }: GuestWorldOptions): World {
  const disks = new Map(initial);
  const containers = new Map<number, Container>();

  const leaderOf = async (vmid: number) => {
    const leader = await containers.get(vmid)?.leader();
    if (leader === undefined) throw new Error(`guest ${vmid} does not run`);
    return leader;
  };

  return {
    async clone(source, target, _signal, how) {
      const disk = disks.get(source);
      if (disk === undefined) throw new Error(`no disk of VM ${source}`);
      disks.set(target, await copyDisk(paths, source, target, disk, how));
    },
    swapSeed: (vmid, seed) => writeSeed(join(guestFolder(paths, vmid), 'root'), seed),
    async start(machine) {
      const disk = disks.get(machine.vmid);
      if (disk === undefined) throw new Error(`no disk of VM ${machine.vmid}`);
      const container = await startGuest(paths, disk, machine);
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
    exec: async (vmid, command, stdin) => execInside(await leaderOf(vmid), command, stdin),
    interfaces: (vmid) => interfacesInside(namespaceOf(paths.id, String(vmid))),
    async destroy(vmid) {
      disks.delete(vmid);
      await rm(guestFolder(paths, vmid), { recursive: true, force: true });
    },
  };
}
