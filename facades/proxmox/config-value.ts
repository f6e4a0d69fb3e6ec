import { imageFormat } from './cloud-init.ts';
import { type Cluster, loadStorage } from './cluster.ts';
import { cloudInitDrive, isDrive } from './machine.ts';
import { parseNetworkDevice, printNetworkDevice, randomMac } from './network-device.ts';
import { cryptPassword, saltOf } from './password.ts';
import { died } from './problem.ts';
import { splitList } from './schema/formats.ts';
import type { Vm } from './vm.ts';
import { cloudInitVolume } from './volumes.ts';

/** A value in the form in which the product stores it. Source: qemu-server PVE/API2/Qemu.pm `update_vm_api`. */
export function normaliseValue(cluster: Cluster, vm: Vm, key: string, value: string): string {
  if (/^net\d+$/.test(key)) {
    const device = parseNetworkDevice(value);
    return printNetworkDevice({ ...device, macaddr: device.macaddr ?? randomMac(cluster) });
  }
  if (key === 'tags') return [...new Set(splitList(value.toLowerCase()))].sort().join(';');
  if (key === 'sshkeys') checkSshKeys(value);
  if (key === 'cipassword' && imageFormat(vm.values) === 'nocloud') {
    return cryptPassword(value, saltOf(cluster.random(8)));
  }
  if (isDrive(key)) return driveLine(cluster, vm, key, value);
  return value;
}

/** `storage:cloudinit` becomes the volume that holds the image; one such drive a VM. */
function driveLine(cluster: Cluster, vm: Vm, key: string, value: string): string {
  const storageId = /^(?:file=)?([^:,]+):cloudinit(?:,|$)/.exec(value)?.[1];
  if (storageId === undefined) return value;
  const storage = loadStorage(cluster, storageId);
  const existing = cloudInitDrive(vm);
  if (existing !== undefined && existing !== key) {
    throw died(`${key} - cloud-init drive is already attached at '${existing}'`);
  }
  return `${storageId}:${cloudInitVolume(storage, vm.vmid)},media=cdrom`;
}

/** Each line must be what `ssh-keygen -l` takes: a key blob that names the type before it. */
function checkSshKeys(value: string): void {
  const keys = decodeURIComponent(value)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  for (const line of keys) {
    if (!isPublicKey(line)) throw died('SSH public key validation error');
  }
}

function isPublicKey(line: string): boolean {
  const words = line.trim().split(/\s+/);
  return words.some((type, index) => {
    const blob = Buffer.from(words[index + 1] ?? '', 'base64');
    if (blob.length < 4 || type === '') return false;
    const length = blob.readUInt32BE(0);
    return blob.subarray(4, 4 + length).toString('latin1') === type && blob.length > 4 + length;
  });
}
