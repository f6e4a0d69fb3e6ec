import { type Call, containerOf, vmidOf } from '../call.ts';
import { type Cluster, guestsOn, statusOf } from '../cluster.ts';
import { typedContainerValue } from '../container.ts';
import { may } from '../permission.ts';
import { shownName, type Vm } from '../vm.ts';
import type { ContainerInterface } from '../world.ts';
import { viewConfig } from './guests.ts';

/** GET ~/lxc: the containers of one node that the caller may audit. Source: pve-container API2/LXC.pm `vmlist`. */
export function list(call: Call): unknown {
  const { cluster, node, identity } = call;
  const visible = guestsOn(cluster, node, 'lxc').filter(({ vmid }) =>
    may(identity, `/vms/${vmid}`, ['VM.Audit']),
  );
  return visible.map((vm) => summary(cluster, vm));
}

/** GET ~/lxc/$/status/current. Source: pve-container API2/LXC/Status.pm `vm_status`. */
export function current(call: Call): unknown {
  return { ...summary(call.cluster, containerOf(call)), ha: { managed: 0 } };
}

/** GET ~/lxc/$/config: `hostname` in place of `name`. */
export function config(call: Call): unknown {
  return viewConfig(call, containerOf, typedContainerValue);
}

/** A host without `cores` or `cpulimit` gives a container all its processors; this one has as many. */
const hostProcessors = 8;

function summary(cluster: Cluster, vm: Vm): Record<string, unknown> {
  const running = statusOf(cluster, vm) === 'running';
  const { tags, lock, cores, cpulimit, memory, swap } = vm.values;
  const now = cluster.clock.now();
  return {
    type: 'lxc',
    vmid: vm.vmid,
    name: shownName(vm),
    status: statusOf(cluster, vm),
    cpus: Number(cores ?? cpulimit ?? hostProcessors),
    maxmem: Number(memory ?? 512) * 1_048_576,
    maxswap: Number(swap ?? 0) * 1_048_576,
    maxdisk: 4_294_967_296,
    ...{ disk: 0, mem: 0, swap: 0, cpu: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 },
    uptime: running ? Math.floor((now - (vm.startedAt ?? now)) / 1000) : 0,
    ...(running ? { pid: vm.pid ?? 10_000 + vm.vmid } : {}),
    ...(vm.values.template === '1' ? { template: 1 } : {}),
    ...(tags === undefined ? {} : { tags }),
    ...(lock === undefined ? {} : { lock }),
  };
}

/**
 * GET ~/lxc/$/interfaces: null for a container that is stopped, and for an id that is none, since nothing but
 * the process is looked for. `inet` and `inet6` hold the last address of their family.
 * Source: pve-container LXC.pm `get_interfaces`.
 */
export async function interfaces(call: Call): Promise<unknown> {
  const { cluster, node } = call;
  const vm = cluster.vms.get(vmidOf(call));
  if (vm?.kind !== 'lxc' || vm.node !== node || !cluster.world.running(vm.vmid)) return null;
  return (await cluster.world.interfaces(vm.vmid)).map(published);
}

function published({ name, mac, addresses }: ContainerInterface): Record<string, unknown> {
  const list = addresses.map((address) => {
    const [ip = '', prefix = ''] = address.split('/');
    const family = ip.includes(':') ? 'inet6' : 'inet';
    return { 'ip-address': ip, 'ip-address-type': family, prefix: Number(prefix) };
  });
  const last = list.map((each) => [each['ip-address-type'], `${each['ip-address']}/${each.prefix}`]);
  return {
    name,
    hwaddr: mac,
    'hardware-address': mac,
    ...Object.fromEntries(last),
    'ip-addresses': list,
  };
}
