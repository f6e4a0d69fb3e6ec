import { type Call, flag, text, vmOf } from '../call.ts';
import { type Cluster, guestsOn, isHighlyAvailable, statusOf } from '../cluster.ts';
import { may } from '../permission.ts';
import { badParameters, died } from '../problem.ts';
import { splitPropertyString } from '../schema/property-string.ts';
import { digestOf, mergedValues, shownName, typedValue, type Vm } from '../vm.ts';

/** GET ~/qemu: the VMs of one node that the caller may audit. Source: qemu-server QemuServer.pm `vmstatus`. */
export function list(call: Call): unknown {
  const { cluster, node, identity } = call;
  const visible = guestsOn(cluster, node, 'qemu').filter(({ vmid }) =>
    may(identity, `/vms/${vmid}`, ['VM.Audit']),
  );
  return visible.map((vm) => summary(cluster, vm, flag(call, 'full') === true));
}

/** GET ~/qemu/$/status/current: `agent` says what the configuration says, nothing about the guest. */
export function current(call: Call): unknown {
  const vm = vmOf(call);
  const agent = agentEnabled(vm.values.agent) ? { agent: 1 } : {};
  return { ...summary(call.cluster, vm, true), ...highAvailability(call.cluster, vm), ...agent };
}

/** Source: pve-ha-manager Config.pm `get_service_status`. */
function highAvailability(cluster: Cluster, vm: Vm): { readonly ha: Readonly<Record<string, unknown>> } {
  const managed = isHighlyAvailable(cluster, vm.vmid);
  return {
    ha: managed
      ? { managed: 1, state: statusOf(cluster, vm) === 'running' ? 'started' : 'stopped' }
      : { managed: 0 },
  };
}

/** Whether the `agent` line enables the agent; it is stored as it was sent. */
function agentEnabled(line: string | undefined): boolean {
  if (line === undefined) return false;
  const schema = { enabled: { type: 'boolean', default_key: 1 } };
  const [first = ''] = line.split(',').filter((part) => !part.includes('=') || part.startsWith('enabled='));
  return splitPropertyString(schema, first).enabled === '1';
}

function summary(cluster: Cluster, vm: Vm, full: boolean): Record<string, unknown> {
  const running = statusOf(cluster, vm) === 'running';
  const { tags, lock } = vm.values;
  return {
    vmid: vm.vmid,
    name: shownName(vm),
    status: running ? 'running' : 'stopped',
    cpus: Number(vm.values.cores ?? 1) * Number(vm.values.sockets ?? 1),
    maxmem: Number(vm.values.memory ?? 512) * 1_048_576,
    maxdisk: 0,
    disk: 0,
    mem: 0,
    memhost: 0,
    cpu: 0,
    netin: 0,
    netout: 0,
    diskread: 0,
    diskwrite: 0,
    uptime: running ? Math.floor((cluster.clock.now() - (vm.startedAt ?? cluster.clock.now())) / 1000) : 0,
    ...(running ? { pid: vm.pid ?? 10_000 + vm.vmid } : {}),
    ...(vm.values.template === '1' ? { template: 1 } : {}),
    ...(tags === undefined ? {} : { tags }),
    ...(lock === undefined ? {} : { lock }),
    ...(full ? { qmpstatus: running ? 'running' : 'stopped' } : {}),
  };
}

/** GET ~/qemu/$/config: pending values merged in, unless `current=1`. */
export function config(call: Call): unknown {
  return viewConfig(call, vmOf, typedValue);
}

/** What GET config answers of a guest of either kind. Source: pve-guest-common AbstractConfig.pm. */
export function viewConfig(
  call: Call,
  load: (call: Call) => Vm,
  typed: (key: string, value: string) => string | number,
): unknown {
  const snapshot = text(call, 'snapshot');
  const running = flag(call, 'current') === true;
  if (snapshot !== undefined && running) {
    const message = "cannot use 'snapshot' parameter with 'current'";
    throw badParameters({ snapshot: message, current: "cannot use 'snapshot' parameter with 'current'" });
  }
  const vm = load(call);
  if (snapshot !== undefined) throw died(`snapshot '${snapshot}' does not exist`);
  const values = Object.entries(running ? vm.values : mergedValues(vm));
  return {
    ...Object.fromEntries(values.map(([key, value]) => [key, typed(key, value)])),
    digest: digestOf(vm),
  };
}

/** GET ~/qemu/$/pending. */
export function pending(call: Call): unknown {
  const vm = vmOf(call);
  const keys = new Set([...Object.keys(vm.values), ...Object.keys(vm.pending)]);
  return [...keys].map((key) => difference(key, vm.values[key], vm.pending[key], vm.pendingDelete.get(key)));
}

/** One line of a pending list. Source: pve-guest-common GuestHelpers.pm `config_with_pending_array`. */
export function difference(
  key: string,
  value: string | undefined,
  next: string | undefined,
  deleted: number | undefined,
): Record<string, unknown> {
  return {
    key,
    ...(value === undefined ? {} : { value: typedValue(key, value) }),
    ...(next === undefined ? {} : { pending: typedValue(key, next) }),
    ...(deleted === undefined ? {} : { delete: deleted }),
  };
}
