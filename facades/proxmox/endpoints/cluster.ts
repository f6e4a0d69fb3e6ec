import { type Call, integer, text } from '../call.ts';
import { localNode } from '../cluster.ts';
import { may } from '../permission.ts';
import { badParameters, died } from '../problem.ts';
import { versionOf } from '../release.ts';
import type { Vm } from '../vm.ts';

/** GET /version. */
export function version(call: Call): unknown {
  return versionOf(call.cluster.state);
}

/** GET /nodes: figures only with Sys.Audit. Source: pve-manager PVE/API2/Nodes.pm. */
export function nodes(call: Call): unknown {
  return call.cluster.state.nodes.map((node) => ({
    node: node.name,
    id: `node/${node.name}`,
    type: 'node',
    status: node.online === false ? 'offline' : 'online',
    level: '',
    ...(node.sslFingerprint === undefined ? {} : { ssl_fingerprint: node.sslFingerprint }),
    ...(may(call.identity, `/nodes/${node.name}`, ['Sys.Audit']) ? figures : {}),
  }));
}

const figures = {
  cpu: 0.05,
  maxcpu: 8,
  mem: 8_589_934_592,
  maxmem: 34_359_738_368,
  disk: 0,
  maxdisk: 0,
  uptime: 86_400,
};

/** GET /cluster/status. Source: pve-manager PVE/API2/Cluster.pm `get_status`. */
export function status(call: Call): unknown {
  const { state } = call.cluster;
  const list = state.nodes.map((node, index) => ({
    type: 'node',
    id: `node/${node.name}`,
    name: node.name,
    ip: node.ip,
    nodeid: state.nodes.length === 1 ? 0 : index + 1,
    local: node.name === localNode(call.cluster) ? 1 : 0,
    online: node.online === false ? 0 : 1,
    level: '',
  }));
  if (state.name === undefined) return list;
  const name = state.name;
  return [{ type: 'cluster', id: 'cluster', name, version: 1, nodes: list.length, quorate: 1 }, ...list];
}

/** GET /cluster/nextid: text, the lowest free id, and no reservation. */
export function nextid(call: Call): unknown {
  const { vms, state } = call.cluster;
  const wanted = integer(call, 'vmid');
  if (wanted !== undefined) {
    if (vms.has(wanted)) throw badParameters({ vmid: `VM ${wanted} already exists` });
    return String(wanted);
  }
  const { lower, upper } = state.nextId ?? { lower: 100, upper: 999_999 };
  let free = lower;
  while (vms.has(free)) free += 1;
  if (free > upper) throw died(`unable to get any free VMID in range [${lower}, ${upper}]`);
  return String(free);
}

/** GET /cluster/resources: filtered silently by rights, up to one pvestatd cycle old, sorted by id as text. */
export function resources(call: Call): unknown {
  const type = text(call, 'type');
  const { cluster, identity } = call;
  const wants = (kind: string) => type === undefined || type === kind;
  const guests = wants('vm') ? [...cluster.vms.values()] : [];
  const visible = guests.filter(({ vmid }) => may(identity, `/vms/${vmid}`, ['VM.Audit']));
  visible.sort((one, other) => (String(one.vmid) < String(other.vmid) ? -1 : 1));
  const list: unknown[] = visible.map((vm) => guestResource(call, vm));
  if (wants('node')) {
    list.push(
      ...cluster.state.nodes.map((node) => ({
        type: 'node',
        id: `node/${node.name}`,
        node: node.name,
        status: node.online === false ? 'offline' : 'online',
        ...(may(identity, `/nodes/${node.name}`, ['Sys.Audit']) ? figures : {}),
      })),
    );
  }
  if (wants('storage')) list.push(...storageResources(call));
  return list;
}

/** `lock`, `tags` and `pool` are current, the rest comes from the last broadcast. */
function guestResource({ cluster, identity }: Call, vm: Vm): unknown {
  const pool = cluster.poolOf.get(vm.vmid);
  const showsPool = pool !== undefined && may(identity, `/pool/${pool}`, ['Pool.Audit']);
  const seen = cluster.resources.lastBroadcast(vm.vmid);
  const { lock, tags } = vm.values;
  return {
    id: `${vm.kind}/${vm.vmid}`,
    vmid: vm.vmid,
    node: vm.node,
    type: vm.kind,
    status: seen?.status ?? 'unknown',
    ...(showsPool ? { pool } : {}),
    ...(lock === undefined ? {} : { lock }),
    ...(tags === undefined ? {} : { tags }),
    ...(seen === undefined ? {} : { name: seen.name, template: seen.template ? 1 : 0, ...guestFigures(vm) }),
  };
}

function guestFigures(vm: Vm): Record<string, number> {
  const maxmem = Number(vm.values.memory ?? 512) * 1_048_576;
  const maxcpu = Number(vm.values.cores ?? 1) * Number(vm.values.sockets ?? 1);
  const traffic = { netin: 0, netout: 0, diskread: 0, diskwrite: 0 };
  return { uptime: 0, cpu: 0, maxcpu, mem: 0, maxmem, memhost: 0, disk: 0, maxdisk: 0, ...traffic };
}

function storageResources(call: Call): unknown[] {
  const { state } = call.cluster;
  const visible = state.storages.filter(({ id }) =>
    may(call.identity, `/storage/${id}`, ['Datastore.Audit']),
  );
  return visible.map((storage) => ({
    type: 'storage',
    id: `storage/${localNode(call.cluster)}/${storage.id}`,
    storage: storage.id,
    node: localNode(call.cluster),
    plugintype: storage.type,
    shared: storage.shared === true ? 1 : 0,
    status: 'available',
  }));
}
