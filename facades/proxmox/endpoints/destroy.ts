import { type Call, flag, vmOf } from '../call.ts';
import { isHighlyAvailable, observeAll } from '../cluster.ts';
import { plainWaitMs } from '../locks.ts';
import { badParameters, died } from '../problem.ts';
import type { Worker } from '../tasks.ts';
import { checkLock, type Vm } from '../vm.ts';

/**
 * DELETE ~/qemu/$: judged at once, and again by the task. While disks are removed the configuration has `lock: destroyed`.
 * Source: qemu-server PVE/API2/Qemu.pm `destroy_vm`, QemuServer.pm `destroy_vm`.
 */
export function destroy(call: Call): unknown {
  const { cluster, identity, node } = call;
  if (flag(call, 'skiplock') === true && !identity.superuser) {
    throw badParameters({ skiplock: 'Only root may use this option.' });
  }
  const { vmid } = check(call);
  return cluster.tasks.run({
    node,
    type: 'qmdestroy',
    id: String(vmid),
    owner: identity,
    work: (worker) => cluster.locks.hold(vmid, plainWaitMs, () => perform(call, worker)),
  });
}

function check(call: Call): Vm {
  const { cluster } = call;
  const vm = vmOf(call);
  const { vmid } = vm;
  if (vm.values.protection === '1') throw died(`can't remove VM ${vmid} - protection mode enabled`);
  if (flag(call, 'purge') !== true && isHighlyAvailable(cluster, vmid))
    throw died(`unable to remove VM ${vmid} - used in HA resources and purge parameter not set.`);
  if (cluster.world.running(vmid)) throw died(`VM ${vmid} is running - destroy failed`);
  return vm;
}

async function perform(call: Call, worker: Worker): Promise<void> {
  const { cluster } = call;
  const vm = check(call);
  const { vmid } = vm;
  if (flag(call, 'skiplock') !== true) checkLock(vm);
  const clone = [...cluster.vms.values()].find((other) => other.linkedTo === vmid);
  if (clone !== undefined) throw died(`base volume 'base-${vmid}-disk-0' is still in use by linked cloned`);
  vm.values = { lock: 'destroyed' };
  await cluster.world.destroy(vmid);
  cluster.poolOf.delete(vmid);
  if (flag(call, 'purge') === true) purge(call, vmid, worker);
  cluster.vms.delete(vmid);
  observeAll(cluster);
}

function purge({ cluster }: Call, vmid: number, worker: Worker): void {
  worker.log(`purging VM ${vmid} from related configurations..`);
  if (cluster.highlyAvailable.delete(vmid))
    worker.log(`NOTE: removed VM ${vmid} from HA resource configuration.`);
}
