import { type Call, flag, integer, text, vmOf } from '../call.ts';
import { type Cluster, loadStorage } from '../cluster.ts';
import {
  bridgePath,
  networkKeys,
  parseNetworkDevice,
  printNetworkDevice,
  randomMac,
} from '../network-device.ts';
import { demand } from '../permission.ts';
import { ApiProblem, badParameters, died } from '../problem.ts';
import { majorOf } from '../release.ts';
import type { Worker } from '../tasks.ts';
import { checkLock, createVm, type Vm } from '../vm.ts';
import { cloneDrives, type Drive, drives } from '../volumes.ts';

interface Order {
  readonly source: Vm;
  readonly target: Vm;
  readonly full: boolean;
  readonly storage: string | undefined;
  /** The node that is to have it in the end. */
  readonly node: string;
  readonly pool: string | undefined;
  /** Lines that the request sets. */
  readonly overrides: Readonly<Record<string, string>>;
}

/** The locks of both ids are waited for this long, in milliseconds: qemu-server PVE/API2/Qemu.pm `clone_vm`. */
const lockWaitMs = 1000;

/**
 * POST ~/qemu/$/clone: what can be judged is judged at once, and again by the task, whose UPID bears the id of the source.
 * Once the task has both locks the new configuration exists, holding nothing but `lock: clone`; disks and all other lines
 * come in the end. Source: qemu-server PVE/API2/Qemu.pm `clone_vm`.
 */
export function clone(call: Call): unknown {
  const { cluster, identity, node } = call;
  const newid = integer(call, 'newid') ?? 0;
  const { source, full } = check(call, newid);
  const copy = async (worker: Worker) => {
    check(call, newid);
    // Published logs of 9 begin so, those of 8 do not.
    if (majorOf(cluster.state) >= 9) worker.log(`creating a clone of VM ${source.vmid} with ID ${newid}`);
    const order: Order = {
      source,
      target: createVm(newid, node, { lock: 'clone' }),
      full,
      storage: text(call, 'storage'),
      node: targetOf(call) ?? node,
      pool: text(call, 'pool'),
      overrides: overridesOf(call, source),
    };
    cluster.vms.set(newid, order.target);
    await perform(cluster, order, worker);
  };
  const { locks } = cluster;
  const lockTarget = (worker: Worker) => locks.hold(newid, lockWaitMs, () => copy(worker));
  return cluster.tasks.run({
    node,
    type: 'qmclone',
    id: String(source.vmid),
    owner: identity,
    work: (worker) =>
      cluster.world.running(source.vmid)
        ? locks.hold(source.vmid, lockWaitMs, () => lockTarget(worker))
        : locks.share(source.vmid, lockWaitMs, () => lockTarget(worker)),
  });
}

function overridesOf(call: Call, source: Vm): Record<string, string> {
  const description = text(call, 'description') ?? '';
  return {
    name: text(call, 'name') ?? `Copy-of-VM-${source.values.name ?? source.vmid}`,
    ...(description === '' ? {} : { description }),
  };
}

/** All that is judged before anything is written. */
function check(call: Call, newid: number): { readonly source: Vm; readonly full: boolean } {
  checkTarget(call);
  const source = vmOf(call);
  checkLock(source);
  const snapshot = text(call, 'snapname');
  if (snapshot !== undefined) throw died(`snapshot '${snapshot}' does not exist`);
  const full = flag(call, 'full') ?? source.values.template !== '1';
  checkDisks(call, source, full);
  if (call.cluster.vms.has(newid)) throw died(`unable to create VM ${newid}: config file already exists`);
  return { source, full };
}

/** Leaves nothing of the new VM behind when it fails. */
async function perform(cluster: Cluster, order: Order, worker: Worker): Promise<void> {
  const { source, target, full, pool } = order;
  const pending = [...Object.keys(source.pending), ...source.pendingDelete.keys()];
  try {
    const values = newValues(cluster, order, worker.log);
    await cluster.world.clone(source.vmid, target.vmid, worker.signal, full ? 'full' : 'linked');
    if (pending.length > 0)
      worker.log(`found pending changes for '${pending.join(',')}', discarding for clone`);
    target.values = { ...values, ...order.overrides };
    target.linkedTo = full ? undefined : source.vmid;
    target.node = order.node;
    if (pool !== undefined) cluster.poolOf.set(target.vmid, pool);
  } catch (error) {
    cluster.vms.delete(target.vmid);
    throw died(`clone failed: ${error instanceof Error ? error.message.trim() : String(error)}`);
  }
}

function checkTarget(call: Call): void {
  const { cluster, node } = call;
  const pool = text(call, 'pool');
  if (pool !== undefined && cluster.state.pools?.includes(pool) !== true) {
    throw new ApiProblem(403, `pool '${pool}' does not exist\n`);
  }
  const target = targetOf(call);
  if (target !== undefined && !cluster.state.nodes.some(({ name }) => name === target))
    throw died(`no such cluster node '${target}'`);
  const storage = text(call, 'storage');
  if (storage === undefined) return;
  const { content, shared } = loadStorage(cluster, storage, node);
  if (content !== undefined && !content.includes('images')) {
    throw badParameters({ storage: `storage '${storage}' does not support vm images` });
  }
  if (target === undefined) return;
  loadStorage(cluster, storage, target);
  if (shared !== true) throw died(`can't clone to non-shared storage '${storage}'`);
}

/** Another node than the source's; undefined for none. */
function targetOf(call: Call): string | undefined {
  const target = text(call, 'target');
  return target === undefined || target === 'localhost' || target === call.node ? undefined : target;
}

function checkDisks(call: Call, source: Vm, full: boolean): void {
  const storage = text(call, 'storage');
  const list = drives(source.values);
  if (!full) checkLinked(call, source, list);
  for (const drive of list) checkDrive(call, drive, storage);
  checkBridges(call, source);
  const target = targetOf(call);
  if (target === undefined) return;
  const stays = list.some(
    (drive) => drive.volume !== undefined && !isShared(call.cluster, storage ?? drive.storage),
  );
  if (stays) throw died(`can't clone VM to node '${target}' (VM uses local storage)`);
}

function checkLinked(call: Call, source: Vm, list: readonly Drive[]): void {
  const given = ['storage', 'format'].find((name) => text(call, name) !== undefined);
  if (given !== undefined) throw died(`parameter '${given}' not allowed for linked clones`);
  if (source.values.template === '1') return;
  const disk = list.find(({ volume, cdrom, cloudInit }) => volume !== undefined && !cdrom && !cloudInit);
  if (disk === undefined) return;
  throw died(`Linked clone feature is not supported for '${disk.storage}:${disk.volume}' (${disk.key})`);
}

function checkBridges(call: Call, source: Vm): void {
  for (const key of networkKeys(source.values)) {
    const path = bridgePath(parseNetworkDevice(source.values[key] ?? ''));
    if (path !== undefined) demand(call.identity, path, ['SDN.Use']);
  }
}

function checkDrive(call: Call, drive: Drive, storage: string | undefined): void {
  const id = storage ?? drive.storage;
  if (drive.volume === undefined || drive.cdrom || id === undefined) return;
  loadStorage(call.cluster, id);
  demand(call.identity, `/storage/${id}`, ['Datastore.AllocateSpace']);
}

function isShared(cluster: Cluster, id: string | undefined): boolean {
  return cluster.state.storages.find((storage) => storage.id === id)?.shared === true;
}

/** Everything of the source but snapshots, parent, lock and unused disks; MACs, uuid and vmgenid are new. */
function newValues(cluster: Cluster, order: Order, log: (line: string) => void): Record<string, string> {
  const { source, target } = order;
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries(source.values)) {
    if (/^unused\d+$/.test(key) || ['parent', 'lock', 'template', 'name'].includes(key)) continue;
    values[key] = value;
  }
  for (const key of networkKeys(values)) {
    values[key] = printNetworkDevice({
      ...parseNetworkDevice(values[key] ?? ''),
      macaddr: randomMac(cluster),
    });
  }
  Object.assign(values, cloneDrives(cluster, { ...order, targetId: target.vmid, log }));
  const others = (values.smbios1 ?? '').split(',').filter((part) => part !== '' && !part.startsWith('uuid='));
  values.smbios1 = [...others, `uuid=${uuid(cluster)}`].sort().join(',');
  if (values.vmgenid !== undefined) values.vmgenid = uuid(cluster);
  return values;
}

function uuid(cluster: Cluster): string {
  const bytes = cluster.random(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
