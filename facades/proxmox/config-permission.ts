import type { Call } from './call.ts';
import { isDrive } from './machine.ts';
import { bridgePath, parseNetworkDevice } from './network-device.ts';
import { demand, may } from './permission.ts';
import { ApiProblem, died } from './problem.ts';
import type { Vm } from './vm.ts';

const groups: readonly (readonly [RegExp, string])[] = [
  [
    /^(name|description|agent|ostype|onboot|template|tags|protection|startup|tablet|localtime|startdate|acpi|kvm|tdf|reboot|freeze|autostart|keyboard|migrate_(speed|downtime)|spice_enhancements)$/,
    'VM.Config.Options',
  ],
  [/^(cpu|cores|sockets|vcpus|cpulimit|cpuunits|numa\d*|smp|affinity)$/, 'VM.Config.CPU'],
  [/^(memory|balloon|shares|hugepages|keephugepages|allow-ksm)$/, 'VM.Config.Memory'],
  [
    /^(smbios1|machine|scsihw|vga|hotplug|bios|audio0|watchdog|rng0|arch|vmgenid|serial\d+)$/,
    'VM.Config.HWType',
  ],
  [/^(boot|bootdisk|vmstatestorage|unused\d+)$/, 'VM.Config.Disk'],
];

/**
 * Rights by key, beyond the one VM.Config.* that let the request in. Throws 403, or the product's 500 for
 * what root@pam alone may set; a token of root@pam is not root@pam.
 * Source: qemu-server PVE/API2/Qemu.pm `check_vm_modify_config_perm`.
 */
export function checkModifyPermission(call: Call, vm: Vm, keys: readonly string[]): void {
  if (call.identity.superuser) return;
  for (const key of keys) checkKey(call, vm, key);
}

function checkKey(call: Call, vm: Vm, key: string): void {
  const { identity } = call;
  const path = `/vms/${vm.vmid}`;
  const group = groups.find(([pattern]) => pattern.test(key));
  if (group !== undefined) demand(identity, path, [group[1]]);
  else if (/^net\d+$/.test(key)) checkNetwork(call, vm, key);
  else if (cloudInitKey.test(key)) demand(identity, path, ['VM.Config.Cloudinit', 'VM.Config.Network'], true);
  else if (isDrive(key)) checkDrive(call, vm, key);
  else throw died(`only root can set '${key}' config`);
}

const cloudInitKey = /^(ci(custom|password|type|upgrade|user)|ipconfig\d+|nameserver|searchdomain|sshkeys)$/;

function checkNetwork(call: Call, vm: Vm, key: string): void {
  demand(call.identity, `/vms/${vm.vmid}`, ['VM.Config.Network']);
  const line = vm.values[key];
  const bridge = line === undefined ? undefined : bridgePath(parseNetworkDevice(line));
  if (bridge !== undefined) demand(call.identity, bridge, ['SDN.Use']);
}

function checkDrive(call: Call, vm: Vm, key: string): void {
  const path = `/vms/${vm.vmid}`;
  const line = vm.values[key] ?? '';
  if (line.includes('cloudinit')) demand(call.identity, path, ['VM.Config.Cloudinit', 'VM.Config.CDROM']);
  else if (/media=cdrom|^(none|cdrom)/.test(line)) demand(call.identity, path, ['VM.Config.CDROM']);
  else if (line !== '') demand(call.identity, path, ['VM.Config.Disk']);
  else if (!may(call.identity, path, ['VM.Config.Disk', 'VM.Config.CDROM'], true)) {
    throw new ApiProblem(403, `Permission check failed (${path}, VM.Config.Disk)\n`);
  }
}
