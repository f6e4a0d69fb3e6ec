import { type Call, vmidOf } from './call.ts';
import { loadVm, observeAll } from './cluster.ts';
import { plainWaitMs } from './locks.ts';
import { checkLock, type Vm } from './vm.ts';

/**
 * Starts a task that works on the VM of a call under its lock, once no other one stands in its configuration; its UPID.
 * Source: qemu-server PVE/API2/Qemu.pm, the `fork_worker` of its methods around `PVE::QemuConfig->lock_config`.
 */
export function lockedTask(call: Call, type: string, work: (vm: Vm) => void | Promise<void>): string {
  const { cluster, node, identity } = call;
  const vmid = vmidOf(call);
  return cluster.tasks.run({
    node,
    type,
    id: String(vmid),
    owner: identity,
    work: () =>
      cluster.locks.hold(vmid, plainWaitMs, async () => {
        const vm = loadVm(cluster, node, vmid);
        checkLock(vm);
        await work(vm);
        observeAll(cluster);
      }),
  });
}
