import type { GuestRef } from '../../domain/guest.ts';
import type { ApiCall, ProxmoxApi } from './client.ts';
import { read } from './read.ts';
import { statusSchema } from './schema.ts';
import { followTask } from './task.ts';
import { poll, type Waiting } from './waiting.ts';

/**
 * Starts or reboots a VM and resolves when it runs. A reboot is a shutdown and a start by two
 * tasks, the second of which belongs to root (qemu-server PVE/CLI/qm.pm, `cleanup`), and a VM under
 * high availability is started some time after its task has ended: so the end of the task is not
 * the end of the matter, and the VM's process is looked at. To start a running VM is no error.
 */
export async function changePower(
  api: ProxmoxApi,
  ref: GuestRef,
  action: 'start' | 'reboot',
  waiting: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const status = (name: string): Pick<ApiCall, 'path' | 'signal'> => ({
    path: ['nodes', ref.node, 'qemu', ref.vmid, 'status', name],
    signal,
  });
  const look = async () =>
    read(statusSchema, await api.get(status('current')), `the state of VM ${ref.vmid}`);

  const before = await look();
  if (action === 'start' && before.status === 'running') return;
  const answer = await api.post(status(action));
  const what = action === 'start' ? `the start of VM ${ref.vmid}` : `the reboot of VM ${ref.vmid}`;
  await followTask(api, answer, what, waiting, signal);
  await poll(
    async () => {
      const now = await look();
      const isNew = before.pid === undefined || now.pid === undefined || now.pid !== before.pid;
      return now.status === 'running' && isNew ? true : undefined;
    },
    `${what} (it was shut down, but is not running)`,
    waiting,
    signal,
  );
}

/**
 * Switches a VM off at once and resolves when it is off; under high availability that is some time after the task (as for a
 * start). One that is off is no error (qemu-server PVE/API2/Qemu.pm, `vm_stop`).
 */
export async function stopGuest(
  api: ProxmoxApi,
  { node, vmid }: GuestRef,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const path = ['nodes', node, 'qemu', vmid, 'status'];
  const what = `the stop of VM ${vmid}`;
  const isOff = async () => {
    const answer = await api.get({ path: [...path, 'current'], signal });
    return read(statusSchema, answer, `the state of VM ${vmid}`).status === 'stopped' ? true : undefined;
  };
  if ((await isOff()) === true) return;
  await followTask(api, await api.post({ path: [...path, 'stop'], signal }), what, waiting, signal);
  await poll(isOff, what, waiting, signal);
}
