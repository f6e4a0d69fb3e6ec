import { networkSlots } from './network-device.ts';
import { splitPropertyString } from './schema/property-string.ts';
import type { Vm } from './vm.ts';
import { shownName } from './vm.ts';
import type { ContainerMachine, ContainerNic } from './world.ts';

/** The container that the configuration describes now. */
export function buildContainer(vm: Vm): ContainerMachine {
  return {
    kind: 'container',
    vmid: vm.vmid,
    name: shownName(vm),
    // pve-container LXC.pm `update_lxc_config`: lxc.uts.name.
    hostname: vm.values.hostname ?? `CT${vm.vmid}`,
    nics: networkSlots(vm.values).map((slot) => parseContainerNic(slot, vm.values[slot] ?? '')),
  };
}

/**
 * Takes a `netN` line of a container apart: `name=eth0,bridge=vmbr0,hwaddr=…,ip=dhcp,type=veth`. It has no
 * default key. Source: pve-container LXC/Config.pm `$netconf_desc`.
 */
export function parseContainerNic(slot: string, line: string): ContainerNic {
  const { name, hwaddr, bridge, tag, ip, gw } = splitPropertyString({}, line);
  return {
    slot,
    mac: hwaddr ?? '',
    name: name ?? slot.replace('net', 'eth'),
    ...(bridge === undefined ? {} : { bridge }),
    ...(tag === undefined ? {} : { tag: Number(tag) }),
    ...(ip === undefined ? {} : { ip }),
    ...(gw === undefined ? {} : { gateway: gw }),
  };
}

// pve-container LXC/Config.pm `$confdesc`: the keys of type integer, number and boolean.
const numbers =
  /^(console|cores|cpulimit|cpuunits|debug|memory|onboot|protection|swap|template|tty|unprivileged)$/;

/** A configuration value as it goes out: integers and booleans as numbers (memory too), the rest as text. */
export function typedContainerValue(key: string, value: string): string | number {
  return numbers.test(key) ? Number(value) : value;
}

/** What the lock of a container's configuration is called. Source: pve-container LXC/Config.pm `$lockdir`. */
export function containerLockFile(vmid: number): string {
  return `/run/lock/lxc/pve-config-${vmid}.lock`;
}
