import type { Call } from './call.ts';
import { flag, text } from './call.ts';
import type { Cluster } from './cluster.ts';
import { checkModifyPermission } from './config-permission.ts';
import { normaliseValue } from './config-value.ts';
import { isDrive, rebuildImage } from './machine.ts';
import { badParameters, died, notImplemented } from './problem.ts';
import { splitList } from './schema/formats.ts';
import { textOf } from './schema/validate.ts';
import { checkLock, digestOf, isConfigurationKey, type Vm } from './vm.ts';

/** What a config request asks for, already checked and in the form in which it is stored. */
export interface Update {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
  readonly revert: readonly string[];
  readonly force: boolean;
}

const directives = [
  'node',
  'vmid',
  'digest',
  'delete',
  'revert',
  'force',
  'skiplock',
  'background_delay',
  'import-working-storage',
];

/**
 * The synchronous part of a config request: options, per-key rights, normal form of values.
 * Source: qemu-server PVE/API2/Qemu.pm `update_vm_api`.
 */
export function planUpdate(call: Call, vm: Vm): Update {
  const { identity } = call;
  if (flag(call, 'skiplock') === true && !identity.superuser) {
    throw badParameters({ skiplock: 'Only root may use this option.' });
  }
  const given = Object.entries(call.parameters).filter(
    ([key, value]) => !directives.includes(key) && value !== null,
  );
  const remove = splitList(text(call, 'delete') ?? '').map((key) =>
    key.startsWith('-') ? key.slice(1) : key,
  );
  const revert = splitList(text(call, 'revert') ?? '');
  if (given.length + remove.length + revert.length === 0) throw died('no options specified');
  const keys = given.map(([key]) => key);
  checkOptionNames('delete', remove, keys);
  checkOptionNames('revert', revert, keys);
  checkModifyPermission(call, vm, [...keys, ...remove, ...revert]);
  const set: Record<string, string> = {};
  for (const [key, value] of given) set[key] = normaliseValue(call.cluster, vm, key, textOf(value));
  for (const key of keys)
    if (isDrive(key) && !isHarmlessDrive(set[key] ?? '')) throw notImplemented(call.method, call.path);
  checkModifyPermission(call, { ...vm, values: { ...vm.values, ...set } }, keys);
  return { set, remove, revert, force: flag(call, 'force') === true };
}

function checkOptionNames(
  parameter: 'delete' | 'revert',
  names: readonly string[],
  set: readonly string[],
): void {
  for (const name of names) {
    if (!isConfigurationKey(name)) throw badParameters({ [parameter]: `unknown option '${name}'` });
    if (!set.includes(name)) continue;
    throw badParameters({
      [parameter]: `you can't use '-${name}' and '-${parameter} ${name}' at the same time`,
    });
  }
}

/** The only drives that a config request may set here: the cloud-init drive and an empty CD-ROM. */
function isHarmlessDrive(line: string): boolean {
  return /vm-\d+-cloudinit/.test(line) || /^(none|cdrom),?/.test(line);
}

/** Writes the update: all at once to a stopped VM, else what can be applied now and the rest as pending. */
export async function applyUpdate(
  cluster: Cluster,
  vm: Vm,
  update: Update,
  guard: { readonly digest: string | undefined; readonly skipLock: boolean },
): Promise<void> {
  if (guard.digest !== undefined && guard.digest !== digestOf(vm)) {
    throw died('checksum mismatch (file change by other user?)');
  }
  if (!guard.skipLock) checkLock(vm);
  const running = cluster.world.running(vm.vmid);
  for (const key of update.revert) {
    delete vm.pending[key];
    vm.pendingDelete.delete(key);
  }
  for (const key of update.remove) remove(vm, key, running, update.force);
  for (const [key, value] of Object.entries(update.set)) assign(vm, key, value, running);
  const drivesChanged = Object.keys(update.set).some((key) => isDrive(key));
  const hot = running && (vm.values.hotplug ?? '').split(',').includes('cloudinit');
  if (drivesChanged || hot) await rebuildImage(cluster, vm);
}

function remove(vm: Vm, key: string, running: boolean, force: boolean): void {
  delete vm.pending[key];
  if (!running || appliesAtOnce(vm, key)) delete vm.values[key];
  else if (vm.values[key] !== undefined) vm.pendingDelete.set(key, force ? 2 : 1);
}

function assign(vm: Vm, key: string, value: string, running: boolean): void {
  vm.pendingDelete.delete(key);
  delete vm.pending[key];
  if (!running || appliesAtOnce(vm, key)) vm.values[key] = value;
  else if (vm.values[key] !== value) vm.pending[key] = value;
}

// qemu-server QemuServer.pm `$fast_plug_option` and the cloud-init keys.
const fastPlug =
  /^(name|description|tags|onboot|startup|protection|hookscript|shares|lock|vmstatestorage|migrate_(speed|downtime)|ci(custom|password|type|upgrade|user)|ipconfig\d+|nameserver|searchdomain|sshkeys)$/;

/** Whether a running VM takes this key now; network, disks and USB by its hotplug features. */
function appliesAtOnce(vm: Vm, key: string): boolean {
  if (fastPlug.test(key)) return true;
  const line = vm.values.hotplug ?? '1';
  const features = line === '1' ? ['network', 'disk', 'usb'] : splitList(line);
  if (/^net\d+$/.test(key)) return features.includes('network');
  if (/^usb\d+$/.test(key)) return features.includes('usb');
  if (!isDrive(key)) return false;
  return key.startsWith('ide') || key.startsWith('sata')
    ? vm.values[key] !== undefined
    : features.includes('disk');
}
