import type { Cluster } from './cluster.ts';
import { loadStorage } from './cluster.ts';
import { isDrive } from './machine.ts';
import type { StorageState } from './state.ts';
import type { Vm } from './vm.ts';

/** A drive line taken apart. */
export interface Drive {
  readonly key: string;
  /** Undefined for `none`, `cdrom` and paths. */
  readonly storage: string | undefined;
  readonly volume: string | undefined;
  readonly cdrom: boolean;
  readonly cloudInit: boolean;
  /** What follows the volume, in order. */
  readonly options: readonly string[];
}

/** The drives of a configuration, in key order. */
export function drives(values: Readonly<Record<string, string>>): Drive[] {
  const keys = Object.keys(values).filter(isDrive).sort();
  return keys.map((key) => parseDrive(key, values[key] ?? ''));
}

function parseDrive(key: string, line: string): Drive {
  const [first = '', ...options] = line.split(',');
  const file = first.replace(/^(file|volume)=/, '');
  const [, storage, volume] = /^([a-zA-Z][\w.-]*[a-zA-Z0-9]):(.+)$/.exec(file) ?? [];
  const cdrom = options.includes('media=cdrom');
  return { key, storage, volume, cdrom, cloudInit: /vm-\d+-cloudinit/.test(volume ?? ''), options };
}

/** How a storage names the cloud-init volume of a VM. Source: pve-storage Plugin.pm, DirPlugin. */
export function cloudInitVolume(storage: StorageState, vmid: number): string {
  return storage.type === 'dir' ? `${vmid}/vm-${vmid}-cloudinit.qcow2` : `vm-${vmid}-cloudinit`;
}

interface CloneOrder {
  readonly source: Vm;
  readonly targetId: number;
  readonly full: boolean;
  /** For a full clone: where to. */
  readonly storage: string | undefined;
  readonly log: (line: string) => void;
}

/**
 * The drive lines of a clone: the cloud-init drive newly allocated and empty at 4 MiB, other CD-ROMs as
 * they are, disks linked or copied. Source: qemu-server PVE/API2/Qemu.pm `clone_vm`, QemuServer.pm `clone_disk`.
 */
export function cloneDrives(cluster: Cluster, order: CloneOrder): Record<string, string> {
  const result: Record<string, string> = {};
  let disk = 0;
  for (const drive of drives(order.source.values)) {
    if (drive.volume === undefined || drive.storage === undefined) continue;
    const target = loadStorage(cluster, order.full ? (order.storage ?? drive.storage) : drive.storage);
    if (drive.cloudInit) {
      const options = drive.options.filter((option) => !option.startsWith('size='));
      result[drive.key] = [
        `${target.id}:${cloudInitVolume(target, order.targetId)}`,
        ...options,
        'size=4M',
      ].join(',');
      continue;
    }
    if (drive.cdrom) continue;
    const kind = order.full ? 'full' : 'linked';
    order.log(`create ${kind} clone of drive ${drive.key} (${drive.storage}:${drive.volume})`);
    const name = diskVolume(target, order, drive.volume, disk);
    result[drive.key] = [`${target.id}:${name}`, ...drive.options].join(',');
    disk += 1;
  }
  return result;
}

function diskVolume(target: StorageState, order: CloneOrder, base: string, index: number): string {
  const plain = `vm-${order.targetId}-disk-${index}`;
  if (target.type !== 'dir') return plain;
  const file = `${order.targetId}/${plain}.qcow2`;
  return order.full ? file : `${base}/${file}`;
}
