import type { Cluster } from './cluster.ts';
import { loadStorage } from './cluster.ts';
import { isDrive } from './machine.ts';
import { died } from './problem.ts';
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

/** The drive lines of a VM that becomes a template: its disks are base volumes. Source: pve-storage `create_base`. */
export function baseDrives(vm: Vm): Record<string, string> {
  const disks = drives(vm.values).filter(({ volume, cdrom }) => volume !== undefined && !cdrom);
  return Object.fromEntries(
    disks.map(({ key, storage, volume = '', options }) => [
      key,
      [`${storage}:${volume.replace(`vm-${vm.vmid}-disk`, `base-${vm.vmid}-disk`)}`, ...options].join(','),
    ]),
  );
}

const units: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** The line of a drive that grows to a size, or with `+` by one. Source: qemu-server PVE/API2/Qemu.pm `resize_vm`. */
export function resizedDrive(vm: Vm, key: string, size: string): string {
  const drive = drives(vm.values).find((each) => each.key === key);
  if (drive === undefined) throw died(`disk '${key}' does not exist`);
  if (drive.volume === undefined) throw died(`disk '${key}' has no associated volume`);
  if (drive.cdrom) throw died("you can't resize a cdrom");
  const before = drive.options.find((option) => option.startsWith('size='))?.slice('size='.length) ?? '0';
  const wanted = size.startsWith('+') ? bytesOf(before) + bytesOf(size.slice(1)) : bytesOf(size);
  if (wanted < bytesOf(before)) throw died('shrinking disks is not supported');
  const others = drive.options.filter((option) => !option.startsWith('size='));
  return [`${drive.storage}:${drive.volume}`, ...others, `size=${printed(wanted)}`].join(',');
}

function bytesOf(text: string): number {
  const [, number = '0', unit = ''] = /^([\d.]+)([KMGT]?)$/.exec(text) ?? [];
  return Math.floor(Number(number) * (units[unit] ?? 1));
}

/** In the largest unit that leaves no rest. Source: pve-common JSONSchema.pm `format_size`. */
function printed(bytes: number): string {
  const unit = ['T', 'G', 'M', 'K'].find((each) => bytes % (units[each] ?? 1) === 0);
  return unit === undefined ? String(bytes) : `${bytes / (units[unit] ?? 1)}${unit}`;
}
