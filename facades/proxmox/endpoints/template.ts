import { type Call, text, vmidOf, vmOf } from '../call.ts';
import { loadVm, observeAll } from '../cluster.ts';
import { plainWaitMs } from '../locks.ts';
import { died } from '../problem.ts';
import { checkLock, type Vm } from '../vm.ts';
import { baseDrives, resizedDrive } from '../volumes.ts';

/** POST ~/qemu/$/template: a VM becomes one that others can stand on. Source: qemu-server PVE/API2/Qemu.pm `template`. */
export function template(call: Call): unknown {
  check(call);
  return underLock(call, 'qmtemplate', () => {
    const vm = check(call);
    vm.values = { ...vm.values, ...baseDrives(vm), template: '1' };
  });
}

function check(call: Call): Vm {
  const vm = vmOf(call);
  checkLock(vm);
  if (vm.values.template === '1') throw died("you can't convert a template to a template");
  if (call.cluster.world.running(vm.vmid)) throw died("you can't convert a VM to template if VM is running");
  return vm;
}

/**
 * PUT ~/qemu/$/resize: nothing but the right is judged at once. Only what the configuration says of the size changes here.
 * Source: qemu-server PVE/API2/Qemu.pm `resize_vm`.
 */
export function resize(call: Call): unknown {
  const [disk, size] = [text(call, 'disk') ?? '', text(call, 'size') ?? ''];
  return underLock(call, 'resize', () => {
    const vm = loadVm(call.cluster, call.node, vmidOf(call));
    checkLock(vm);
    vm.values[disk] = resizedDrive(vm, disk, size);
  });
}

function underLock(call: Call, type: string, work: () => void): string {
  const { cluster, node, identity } = call;
  const vmid = vmidOf(call);
  return cluster.tasks.run({
    node,
    type,
    id: String(vmid),
    owner: identity,
    work: () =>
      cluster.locks.hold(vmid, plainWaitMs, async () => {
        work();
        observeAll(cluster);
      }),
  });
}
