import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabPaths } from '../../lab/paths.ts';
import { cloneDisk } from '../../lab/virtual-machine/disk.ts';
import type { Kernel } from '../../lab/virtual-machine/kernel.ts';
import { startMachine, type VirtualMachine } from '../../lab/virtual-machine/machine.ts';
import { type Seed, writeSeedDisc } from '../../lab/virtual-machine/seed-disc.ts';
import { startMachineSegment } from '../../lab/virtual-machine/segment.ts';
import type { DhcpMessage } from '../../src/domain/wire.ts';
import { messagesOf } from './measure.ts';

/** The domain of every segment here. */
const domain = 'mgmt.internal';

/** How long a DHCP message may be waited for: several times what a crowded machine with emulated processors takes. */
const patienceMs = 600_000;

/** One virtual machine on a segment of its own, from its first power-on to its end. */
export interface BootStage {
  /** Its disk, to be cloned while it is off. */
  readonly disk: string;
  /** Powers it on with this disc in its drive, or none, and with this firmware beside its own; what it does from then on is captured. */
  powerOn(seed?: Pick<Seed, 'kind' | 'name'>, smbios?: readonly string[]): Promise<VirtualMachine>;
  /** Whether the DHCP server answers. */
  serve(answers: boolean): Promise<void>;
  /** Waits until so many messages of a type were seen since a time (ISO 8601). */
  seen(type: DhcpMessage['type'], count: number, since: string): Promise<void>;
  /** The name that its lease bears at the server; null for none, undefined without a lease. */
  leaseName(): Promise<string | null | undefined>;
  /** The messages of this machine that were captured so far. */
  messages(): Promise<readonly DhcpMessage[]>;
  /** Ends the machine, the capture and the segment. */
  end(): Promise<void>;
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
  const messages = async () => messagesOf(await readFile(segment.capture), mac);

  return {
    disk: clone,
    messages,
    serve: segment.serve,
    async powerOn(seed, smbios = []) {
      const discs = seed === undefined ? [] : [join(folder, `seed-${running.size}.iso`)];
      for (const disc of discs) await writeSeedDisc(disc, whole(seed as Pick<Seed, 'kind' | 'name'>));
      const options = { folder, kernel, disk: clone, mac, uuid, segment, discs, init, smbios };
      const machine = await startMachine(options);
      running.add(machine);
      return machine;
    },
    async seen(type, count, since) {
      const until = performance.now() + patienceMs;
      const enough = async () =>
        (await messages()).filter((each) => each.type === type && each.at >= since).length >= count;
      while (!(await enough())) {
        if (performance.now() > until) throw new Error(`no ${type} of ${mac} was seen (${count} awaited)`);
        await delay(250);
      }
    },
    async leaseName() {
      const lines = (await segment.leases()).map((line) => line.split(' '));
      const name = lines.find((fields) => fields[1] === mac)?.[3];
      return name === '*' ? null : name;
    },
    async end() {
      for (const machine of running) await machine.kill();
      await segment.end();
    },
  };
}

/** Proxmox VE's instance-id is a digest of what the disc says, so that a renamed machine is a new one to cloud-init. */
function whole(seed: Pick<Seed, 'kind' | 'name'>): Seed {
  return { ...seed, domain, instanceId: createHash('sha1').update(`${seed.name}.${domain}`).digest('hex') };
}
