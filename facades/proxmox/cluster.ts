import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { ApiToken } from './identity.ts';
import { createLocks, type Locks } from './locks.ts';
import { died } from './problem.ts';
import { createResources, type Resources } from './resources.ts';
import type { ClusterState, GuestKind, StorageState } from './state.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { createVm, shownName, type Vm } from './vm.ts';
import type { World } from './world.ts';

/** Everything that an endpoint may look at and change. */
export interface Cluster {
  readonly state: ClusterState;
  readonly world: World;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly tokens: readonly ApiToken[];
  readonly tasks: Tasks;
  readonly locks: Locks;
  readonly resources: Resources;
  readonly vms: Map<number, Vm>;
  /** The pool of each guest that is in one. */
  readonly poolOf: Map<number, string>;
  /** Guests that the cluster's high availability starts and stops. */
  readonly highlyAvailable: Set<number>;
  /** How long a rebooting VM stays off before `qm cleanup` starts it again, in milliseconds. */
  readonly restartDelayMs: number;
  /** Random bytes, for MACs and uuids. */
  readonly random: (length: number) => Buffer;
  /** Where snippets are files; undefined where they are not. */
  readonly snippetFolder: string | undefined;
  /** The same folder as programs on the node see it. */
  readonly snippetFolderOnNode: string | undefined;
}

/** What a cluster is made of. Defaults: 10 s resources cycle, 1 s restart delay, real randomness. */
export interface ClusterOptions {
  readonly world: World;
  readonly state: ClusterState;
  readonly tokens: readonly ApiToken[];
  readonly clock: Clock;
  readonly faults: Faults;
  readonly resourcesCycleMs?: number;
  readonly restartDelayMs?: number;
  readonly random?: (length: number) => Buffer;
  /** Each storage's snippets are kept as files `STORAGE/snippets/FILE` in it. Default: in memory. */
  readonly snippetFolder?: string;
  /** Its path on the node, where that differs. Default: the same. */
  readonly snippetFolderOnNode?: string;
}

/** Loads the state; guests that the world already runs are shown as running. */
export function createCluster(options: ClusterOptions): Cluster {
  const { world, state, clock, faults, tokens } = options;
  const resources = createResources(clock, options.resourcesCycleMs ?? 10_000);
  const cluster: Cluster = {
    state,
    world,
    clock,
    faults,
    tokens,
    tasks: createTasks(clock, faults),
    locks: createLocks(clock),
    resources,
    vms: new Map(
      state.guests.map((guest) => [
        guest.vmid,
        createVm(guest.vmid, guest.node, guest.config, guest.kind ?? 'qemu'),
      ]),
    ),
    poolOf: new Map(
      state.guests.flatMap(({ vmid, pool }) => (pool === undefined ? [] : [[vmid, pool] as const])),
    ),
    highlyAvailable: new Set(
      state.guests.filter((guest) => guest.highAvailability === true).map(({ vmid }) => vmid),
    ),
    restartDelayMs: options.restartDelayMs ?? 1000,
    random: options.random ?? randomBytes,
    snippetFolder: options.snippetFolder,
    snippetFolderOnNode: options.snippetFolderOnNode ?? options.snippetFolder,
  };
  observeAll(cluster);
  resources.begin();
  return cluster;
}

/** The node that answers: the first one of the state. */
export function localNode(cluster: Cluster): string {
  return cluster.state.nodes[0]?.name ?? 'localhost';
}

const configFolders: Readonly<Record<GuestKind, string>> = { qemu: 'qemu-server', lxc: 'lxc' };

/**
 * The guest with this id on this node, a VM unless told otherwise; the other kind has its file elsewhere.
 * Source: pve-guest-common AbstractConfig.pm `load_config`.
 */
export function loadVm(cluster: Cluster, node: string, vmid: number, kind: GuestKind = 'qemu'): Vm {
  const vm = cluster.vms.get(vmid);
  if (vm !== undefined && vm.node === node && vm.kind === kind) return vm;
  throw died(`Configuration file 'nodes/${node}/${configFolders[kind]}/${vmid}.conf' does not exist`);
}

/** The guests of one kind on one node. */
export function guestsOn(cluster: Cluster, node: string, kind: GuestKind): Vm[] {
  return [...cluster.vms.values()].filter((vm) => vm.node === node && vm.kind === kind);
}

/**
 * True for a guest that the cluster's high availability starts and stops. Source: pve-ha-manager Config.pm
 * `vm_is_ha_managed`.
 */
export function isHighlyAvailable(
  { highlyAvailable }: Pick<Cluster, 'highlyAvailable'>,
  vmid: number,
): boolean {
  return highlyAvailable.has(vmid);
}

/**
 * The storage with this id on a node (any, where none is said), or the product's error. Source: pve-storage Storage.pm
 * `storage_config`, `storage_check_enabled`.
 */
export function loadStorage(cluster: Cluster, id: string, node?: string): StorageState {
  const storage = cluster.state.storages.find((candidate) => candidate.id === id);
  if (storage === undefined) throw died(`storage '${id}' does not exist`);
  if (storage.enabled === false) throw died(`storage '${id}' is disabled`);
  if (node !== undefined && storage.nodes?.includes(node) === false)
    throw died(`storage '${id}' is not available on node '${node}'`);
  return storage;
}

/** Power state in the words of the API. */
export function statusOf(cluster: Cluster, vm: Vm): 'running' | 'stopped' {
  return cluster.world.running(vm.vmid) ? 'running' : 'stopped';
}

/** Lets the resources view notice how things are now. */
export function observeAll(cluster: Cluster): void {
  for (const vm of cluster.vms.values()) {
    const template = vm.values.template === '1';
    cluster.resources.observe(vm.vmid, { name: shownName(vm), template, status: statusOf(cluster, vm) });
  }
}
