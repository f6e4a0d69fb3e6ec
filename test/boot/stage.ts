import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabPaths } from '../../lab/paths.ts';
import { cloneDisk } from '../../lab/virtual-machine/disk.ts';
import type { Kernel } from '../../lab/virtual-machine/kernel.ts';
import { startMachine, type VirtualMachine } from '../../lab/virtual-machine/machine.ts';
import { type Seed, writeSeedDisc } from '../../lab/virtual-machine/seed-disc.ts';
import { type MachineSegment, startMachineSegment } from '../../lab/virtual-machine/segment.ts';
import type { DhcpMessage } from '../../src/domain/wire.ts';
import { messagesOf } from './measure.ts';

/** The domain of every segment here. */
export const domain = 'mgmt.internal';

/** What a machine is powered on with. */
export interface PowerOn {
  /** Absent: no disc in its drive. */
  readonly seed?: Pick<Seed, 'kind' | 'name'>;
  readonly words?: readonly string[];
  readonly smbios?: readonly string[];
}

/** One virtual machine on a segment of its own, from its first power-on to its end. */
export interface BootStage {
  readonly segment: MachineSegment;
  readonly mac: string;
  /** Powers it on; what it does from then on is captured. */
  powerOn(options: PowerOn): Promise<VirtualMachine>;
  /** Waits until systemd has started all there is to start and the DHCP server holds a lease of it. */
  settled(machine: VirtualMachine): Promise<void>;
  /** The name that its lease bears at the server; null for none, undefined without a lease. */
  leaseName(): Promise<string | null | undefined>;
  /** Ends the capture, and tells what it holds. */
  end(): Promise<{ readonly messages: DhcpMessage[]; readonly endedAt: string }>;
}

/** What all stages of a run share. */
export interface BootLab {
  readonly paths: LabPaths;
  readonly kernel: Kernel;
}

/** A stage with a clone of a disk; the last two bytes of its MAC address are chance, as Proxmox VE chooses them. */
export async function openStage(
  { paths, kernel }: BootLab,
  name: string,
  disk: string,
  init: string,
): Promise<BootStage> {
  const folder = join(paths.root, name);
  await mkdir(folder);
  const segment = await startMachineSegment(paths.id, name, folder, domain);
  const clone = join(folder, 'disk.qcow2');
  await cloneDisk(disk, clone);
  const mac = `bc:24:11:00:${[...randomBytes(2)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
  const uuid = randomUUID();
  const running = new Set<VirtualMachine>();
  let discs = 0;

  const leaseLine = async () =>
    (await segment.leases()).map((line) => line.split(' ')).find((fields) => fields[1] === mac);

  return {
    segment,
    mac,
    async powerOn({ seed, words = [], smbios = [] }) {
      const files = seed === undefined ? [] : [join(folder, `seed-${++discs}.iso`)];
      for (const file of files)
        await writeSeedDisc(file, { ...(seed as Seed), domain, instanceId: randomUUID() });
      const machine = await startMachine({
        folder,
        kernel,
        disk: clone,
        mac,
        uuid,
        segment,
        discs: files,
        init,
        words,
        smbios,
      });
      running.add(machine);
      return machine;
    },
    async settled(machine) {
      // It ends when the boot is over, degraded or not (systemctl(1), is-system-running).
      await machine.run('systemctl is-system-running --wait');
      while ((await leaseLine()) === undefined) await delay(250);
    },
    async leaseName() {
      const name = (await leaseLine())?.[3];
      return name === '*' ? null : name;
    },
    async end() {
      for (const machine of running) await machine.kill();
      await segment.end();
      const endedAt = new Date().toISOString();
      return { messages: messagesOf(await readFile(segment.capture), mac), endedAt };
    },
  };
}
