import { type Call, text, vmOf } from '../call.ts';
import { lockedTask } from '../locked-task.ts';
import { died } from '../problem.ts';
import { checkLock, type Vm } from '../vm.ts';
import { baseDrives, resizedDrive } from '../volumes.ts';

/** POST ~/qemu/$/template: a VM becomes one that others can stand on. Source: qemu-server PVE/API2/Qemu.pm `template`. */
export function template(call: Call): unknown {
  check(call);
  return lockedTask(call, 'qmtemplate', () => {
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
  return lockedTask(call, 'resize', (vm) => {
    vm.values[disk] = resizedDrive(vm, disk, size);
  });
}
