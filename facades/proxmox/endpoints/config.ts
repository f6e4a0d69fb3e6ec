import { type Call, flag, integer, text, vmidOf, vmOf } from '../call.ts';
import { loadVm, observeAll } from '../cluster.ts';
import { applyUpdate, planUpdate, type Update } from '../config-update.ts';
import { plainWaitMs } from '../locks.ts';
import { died } from '../problem.ts';

/** PUT ~/qemu/$/config: done when it answers, with null. */
export async function updateNow(call: Call): Promise<unknown> {
  const update = planUpdate(call, vmOf(call));
  const { vmid } = vmOf(call);
  await call.cluster.locks.hold(vmid, plainWaitMs, () => apply(call, update));
  return null;
}

/** POST ~/qemu/$/config: a task, waited for up to `background_delay` seconds. */
export async function updateInBackground(call: Call): Promise<unknown> {
  const { cluster, identity, node } = call;
  const vmid = vmidOf(call);
  const update = planUpdate(call, vmOf(call));
  const work = () => cluster.locks.hold(vmid, plainWaitMs, () => apply(call, update));
  const upid = cluster.tasks.run({ node, type: 'qmconfig', id: String(vmid), owner: identity, work });
  const patience = integer(call, 'background_delay');
  const task = cluster.tasks.find(upid);
  if (patience === undefined || task === undefined) return upid;
  const waited = new AbortController();
  await Promise.race([task.ended, cluster.clock.sleep(patience * 1000, waited.signal)]);
  waited.abort();
  if (task.exitstatus === undefined) return upid;
  if (task.exitstatus === 'OK' || task.exitstatus.startsWith('WARNINGS')) return null;
  throw died(`failed to update VM ${vmid}: ${task.exitstatus}`);
}

async function apply(call: Call, update: Update): Promise<void> {
  const vm = loadVm(call.cluster, call.node, vmidOf(call));
  await applyUpdate(call.cluster, vm, update, {
    digest: text(call, 'digest'),
    skipLock: flag(call, 'skiplock') === true,
  });
  observeAll(call.cluster);
}
