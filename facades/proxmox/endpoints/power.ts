import { type Call, flag, integer, text, vmidOf, vmOf } from '../call.ts';
import { type Cluster, isHighlyAvailable, loadVm, observeAll } from '../cluster.ts';
import { type Identity, root } from '../identity.ts';
import { lockedTask } from '../locked-task.ts';
import { plainWaitMs } from '../locks.ts';
import { buildMachine, cloudInitDrive, imagedValues } from '../machine.ts';
import { badParameters, died } from '../problem.ts';
import type { Worker } from '../tasks.ts';
import { applyPending, checkLock, type Vm } from '../vm.ts';

/** qemu-server QemuServer.pm `vm_stop`: a shutdown waits this long, in seconds, unless told otherwise. */
const shutdownTimeoutSeconds = 60;

/**
 * POST ~/qemu/$/status/start: a UPID without a look at the VM; what is wrong with it fails the task. Of a VM under high
 * availability the task ends when that was asked, not when the VM runs. Source: qemu-server PVE/API2/Qemu.pm `vm_start`.
 */
export function start(call: Call): unknown {
  demandRootFor(call, ['skiplock', 'force-cpu', 'machine', 'migratedfrom', 'stateuri', 'targetstorage']);
  const { cluster, node, identity } = call;
  const vmid = vmidOf(call);
  if (isHighlyAvailable(cluster, vmid))
    return handOver(call, 'start', () => startTask(cluster, node, vmid, root));
  return startTask(cluster, node, vmid, identity);
}

function demandRootFor(call: Call, names: readonly string[]): void {
  const given = call.identity.superuser ? [] : names.filter((name) => text(call, name) !== undefined);
  if (given.length === 0) return;
  throw badParameters(Object.fromEntries(given.map((name) => [name, 'Only root may use this option.'])));
}

function startTask(cluster: Cluster, node: string, vmid: number, owner: Identity): string {
  return cluster.tasks.run({
    node,
    type: 'qmstart',
    id: String(vmid),
    owner,
    work: (worker) =>
      cluster.locks.hold(vmid, plainWaitMs, () => coldStart(cluster, loadVm(cluster, node, vmid), worker)),
  });
}

/** Pending changes take effect and the cloud-init image is made afresh, at every start. */
async function coldStart(cluster: Cluster, vm: Vm, worker: Worker): Promise<void> {
  if (vm.values.template === '1') throw died("you can't start a vm if it's a template");
  checkLock(vm);
  if (cluster.world.running(vm.vmid)) throw died(`VM ${vm.vmid} already running`);
  applyPending(vm);
  const machine = buildMachine(cluster, vm);
  if (cloudInitDrive(vm) !== undefined) {
    worker.log('generating cloud-init ISO');
    vm.imaged = imagedValues(vm.values);
  }
  await cluster.world.start(machine);
  vm.machine = machine;
  vm.pid = cluster.tasks.nextPid();
  vm.startedAt = cluster.clock.now();
  observeAll(cluster);
}

/** POST ~/qemu/$/status/stop: a stopped VM is fine. */
export function stop(call: Call): unknown {
  demandRootFor(call, ['skiplock', 'migratedfrom', 'keepActive']);
  const stopNow = (owner: Identity) =>
    lockedTask({ ...call, identity: owner }, 'qmstop', async (vm) => {
      if (call.cluster.world.running(vm.vmid)) await call.cluster.world.stop(vm.vmid);
    });
  if (isHighlyAvailable(call.cluster, vmidOf(call))) return handOver(call, 'stop', () => stopNow(root));
  return stopNow(call.identity);
}

/** POST ~/qemu/$/status/shutdown. */
export function shutdown(call: Call): unknown {
  demandRootFor(call, ['skiplock', 'keepActive']);
  const shutDown = (owner: Identity) =>
    lockedTask({ ...call, identity: owner }, 'qmshutdown', (vm) =>
      powerDown(call, vm, flag(call, 'forceStop') === true),
    );
  if (isHighlyAvailable(call.cluster, vmidOf(call))) return handOver(call, 'stop', () => shutDown(root));
  return shutDown(call.identity);
}

/** A task that asks the high availability for something, which does it by a task of its own, some time later. */
function handOver(call: Call, what: 'start' | 'stop', later: () => unknown): string {
  const { cluster, node, identity } = call;
  const vmid = vmidOf(call);
  const { signal } = cluster.tasks;
  return cluster.tasks.run({
    node,
    type: `ha${what}`,
    id: String(vmid),
    owner: identity,
    work: async (worker) => {
      worker.log(`Requesting HA ${what} for VM ${vmid}`);
      void cluster.clock.sleep(cluster.restartDelayMs, signal).then(() => {
        if (!signal.aborted) later();
      });
    },
  });
}

async function powerDown(call: Call, vm: Vm, force: boolean): Promise<void> {
  const { world } = call.cluster;
  if (!world.running(vm.vmid)) return;
  const timeoutMs = (integer(call, 'timeout') ?? shutdownTimeoutSeconds) * 1000;
  if (await world.shutdown(vm.vmid, timeoutMs)) return;
  if (!force) throw died('VM quit/powerdown failed - got timeout');
  await world.stop(vm.vmid);
}

/**
 * POST ~/qemu/$/status/reboot: a shutdown with a mark. Its task may be `OK` while the VM is still down; the
 * cold start is another task, of root@pam. Source: qemu-server QemuServer.pm `vm_reboot`, CLI/qm.pm `cleanup`.
 */
export function reboot(call: Call): unknown {
  const { cluster, node } = call;
  const { vmid } = vmOf(call);
  if (!cluster.world.running(vmid)) throw died(`VM ${vmid} not running`);
  return lockedTask(call, 'qmreboot', async (vm) => {
    await powerDown(call, vm, false);
    const { signal } = cluster.tasks;
    void cluster.clock.sleep(cluster.restartDelayMs, signal).then(() => {
      if (!signal.aborted) startTask(cluster, node, vmid, root);
    });
  });
}

/** POST ~/qemu/$/status/reset: neither pending changes nor a new image. */
export function reset(call: Call): unknown {
  demandRootFor(call, ['skiplock']);
  const { cluster } = call;
  const vm = vmOf(call);
  if (!cluster.world.running(vm.vmid)) throw died(`VM ${vm.vmid} not running`);
  return lockedTask(call, 'qmreset', async () => {
    const machine = vm.machine ?? buildMachine(cluster, vm);
    await cluster.world.stop(vm.vmid);
    await cluster.world.start(machine);
  });
}
