import { type Call, flag, vmOf } from '../call.ts';
import { observeAll } from '../cluster.ts';
import { plainWaitMs } from '../locks.ts';
import { badParameters, died } from '../problem.ts';
import { checkLock } from '../vm.ts';

/** DELETE ~/qemu/$. Source: qemu-server PVE/API2/Qemu.pm `destroy_vm`. */
export function destroy(call: Call): unknown {
  const { cluster, identity, node } = call;
  if (flag(call, 'skiplock') === true && !identity.superuser) {
    throw badParameters({ skiplock: 'Only root may use this option.' });
  }
  const vm = vmOf(call);
  const { vmid } = vm;
  if (vm.values.protection === '1') throw died(`can't remove VM ${vmid} - protection mode enabled`);
  if (cluster.world.running(vmid)) throw died(`VM ${vmid} is running - destroy failed`);
  return cluster.tasks.run({
    node,
    type: 'qmdestroy',
    id: String(vmid),
    owner: identity,
    work: () =>
      cluster.locks.hold(vmid, plainWaitMs, async () => {
        checkLock(vm);
        const clone = [...cluster.vms.values()].find((other) => other.linkedTo === vmid);
        if (clone !== undefined)
          throw died(`base volume 'base-${vmid}-disk-0' is still in use by linked cloned`);
        if (cluster.world.running(vmid)) throw died(`VM ${vmid} is running - destroy failed`);
        await cluster.world.destroy(vmid);
        cluster.vms.delete(vmid);
        observeAll(cluster);
      }),
  });
}
