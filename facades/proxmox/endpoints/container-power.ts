import { type Call, flag, integer, text, vmidOf } from '../call.ts';
import { type Cluster, loadVm, observeAll } from '../cluster.ts';
import { buildContainer, containerLockFile } from '../container.ts';
import { plainWaitMs } from '../locks.ts';
import { badParameters, died } from '../problem.ts';
import type { Worker } from '../tasks.ts';
import { applyPending, checkLock, type Vm } from '../vm.ts';

/** pve-container API2/LXC/Status.pm `vm_shutdown`, and what lxc-stop waits by itself: seconds. */
const shutdownTimeoutSeconds = 60;

/**
 * POST ~/lxc/$/status/start. Other than for a VM, a running container is refused at once; a missing one fails
 * the task. Source: pve-container API2/LXC/Status.pm `vm_start`.
 */
export function start(call: Call): unknown {
  demandRootForSkipLock(call);
  if (isRunning(call)) throw died(`CT ${vmidOf(call)} already running`);
  return powerTask(call, 'vzstart', (vm) => bringUp(call.cluster, vm));
}

function demandRootForSkipLock(call: Call): void {
  if (text(call, 'skiplock') === undefined || flag(call, 'skiplock') !== true) return;
  if (!call.identity.superuser) throw badParameters({ skiplock: 'Only root may use this option.' });
}

/** Whether a container of this id runs; whether there is one at all is not asked. */
function isRunning(call: Call): boolean {
  const vmid = vmidOf(call);
  return call.cluster.vms.get(vmid)?.kind === 'lxc' && call.cluster.world.running(vmid);
}

async function bringUp(cluster: Cluster, vm: Vm): Promise<void> {
  if (vm.values.template === '1') throw died("you can't start a CT if it's a template");
  checkLock(vm);
  applyPending(vm);
  await cluster.world.start(buildContainer(vm));
  vm.pid = cluster.tasks.nextPid();
  vm.startedAt = cluster.clock.now();
}

/** POST ~/lxc/$/status/stop: a container that does not run is refused at once. */
export function stop(call: Call): unknown {
  demandRootForSkipLock(call);
  if (!isRunning(call)) throw died(`CT ${vmidOf(call)} not running`);
  return powerTask(call, 'vzstop', async (vm) => {
    checkLock(vm);
    await call.cluster.world.stop(vm.vmid);
  });
}

/** POST ~/lxc/$/status/shutdown. */
export function shutdown(call: Call): unknown {
  if (!isRunning(call)) throw died(`CT ${vmidOf(call)} not running`);
  return powerTask(call, 'vzshutdown', (vm, worker) => {
    checkLock(vm);
    return powerDown(call, vm, worker, flag(call, 'forceStop') === true);
  });
}

/** Source: pve-container LXC.pm `vm_stop`. */
async function powerDown(call: Call, vm: Vm, worker: Worker, kill: boolean): Promise<void> {
  const { world } = call.cluster;
  const seconds = integer(call, 'timeout') ?? shutdownTimeoutSeconds;
  if (await world.shutdown(vm.vmid, seconds * 1000)) return;
  if (kill) return world.stop(vm.vmid);
  worker.log(`command 'lxc-stop -n ${vm.vmid} --nokill --timeout ${seconds}' failed: exit code 1`);
  throw died('container did not stop');
}

/**
 * POST ~/lxc/$/status/reboot: down, by force when it must, and up again, in one task. The refusal says `VM`.
 * Source: pve-container API2/LXC/Status.pm `vm_reboot`, LXC.pm `vm_reboot`.
 */
export function reboot(call: Call): unknown {
  if (!isRunning(call)) throw died(`VM ${vmidOf(call)} not running`);
  return powerTask(call, 'vzreboot', async (vm, worker) => {
    if (!call.cluster.world.running(vm.vmid)) return;
    await powerDown(call, vm, worker, true);
    await bringUp(call.cluster, vm);
  });
}

function powerTask(call: Call, type: string, work: (vm: Vm, worker: Worker) => Promise<void>): string {
  const { cluster, node, identity } = call;
  const vmid = vmidOf(call);
  const perform = async (worker: Worker) => {
    await work(loadVm(cluster, node, vmid, 'lxc'), worker);
    observeAll(cluster);
  };
  return cluster.tasks.run({
    node,
    type,
    id: String(vmid),
    owner: identity,
    work: (worker) => cluster.locks.hold(vmid, plainWaitMs, () => perform(worker), containerLockFile(vmid)),
  });
}
