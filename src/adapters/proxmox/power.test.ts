import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const upid = 'UPID:pve2:0000A1B2:0C0FFEE0:65A0B1C2:qmreboot:300:ops@pve!truename:';
const current = 'GET /nodes/pve1/qemu/300/status/current';
const reboot = 'POST /nodes/pve1/qemu/300/status/reboot';
const start = 'POST /nodes/pve1/qemu/300/status/start';
const task = `GET /nodes/pve2/tasks/${upid}/status`;
const log = `GET /nodes/pve2/tasks/${upid}/log`;
const ok = { status: 'stopped', exitstatus: 'OK' };

/** The hypervisor on the script, with a clock that ends the caller's patience after so many waits. */
function power(script: Parameters<typeof scriptedApi>[0], action: 'start' | 'reboot', patience = 100) {
  const api = scriptedApi(script);
  const controller = new AbortController();
  let waits = 0;
  const sleep = () => {
    waits += 1;
    if (waits >= patience) controller.abort(new DOMException('time is up', 'TimeoutError'));
    return Promise.resolve();
  };
  const hypervisor = createProxmoxHypervisor({ id: 'pve', api, clock: { sleep } });
  const ref = { hypervisor: 'pve', node: 'pve1', vmid: 300 };
  return { api, done: hypervisor.power(ref, action, controller.signal), waits: () => waits };
}

describe('power', () => {
  it('follows the task on the node that runs it, then waits for the new process', async () => {
    const { api, done, waits } = power(
      {
        [current]: [
          { status: 'running', pid: 100 },
          { status: 'running', pid: '100' },
          { status: 'stopped' },
          { status: 'running', pid: 200 },
        ],
        [reboot]: [upid],
        [task]: [{ status: 'running' }, ok],
      },
      'reboot',
    );

    await done;

    expect(api.asked).toEqual([current, reboot, task, task, current, current, current]);
    expect(waits()).toBe(3);
  });

  it('does nothing to start a VM that runs', async () => {
    const { api, done } = power({ [current]: [{ status: 'running', pid: 1 }] }, 'start');

    await done;

    expect(api.asked).toEqual([current]);
  });

  it('takes an end with warnings for a success', async () => {
    const { done } = power(
      {
        [current]: [{ status: 'stopped' }, { status: 'running', pid: 7 }],
        [start]: [upid],
        [task]: [{ status: 'stopped', exitstatus: 'WARNINGS: 2' }],
      },
      'start',
    );

    await expect(done).resolves.toBeUndefined();
  });

  it.each([{ status: 'stopped', exitstatus: 'got timeout' }, { status: 'stopped' }])(
    'fails with the end of the log when the task ended with %o',
    async (end) => {
      const lines = ['one', 'two', 'three', 'four', 'five', 'TASK ERROR: got\u001b[31m timeout'];
      const { done } = power(
        {
          [current]: [{ status: 'stopped' }],
          [start]: [upid],
          [task]: [end],
          [log]: [lines.map((t, n) => ({ n, t }))],
        },
        'start',
      );

      await expect(done).rejects.toMatchObject({
        code: 'command-failed',
        message: expect.stringMatching(/two \| three \| four \| five \| TASK ERROR: got \[31m timeout\)$/),
      });
    },
  );

  it('says what it waited for when the time is up', async () => {
    const { done } = power(
      { [current]: [{ status: 'running', pid: 1 }, { status: 'stopped' }], [reboot]: [upid], [task]: [ok] },
      'reboot',
      3,
    );

    await expect(done).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('the reboot of VM 300'),
    });
  });

  it.each(['UPID:../..:0000A1B2:0C0FFEE0:65A0B1C2:qmstart:300:root@pam:', 'OK', null, 17])(
    'refuses the task id %s',
    async (answer) => {
      const { done } = power({ [current]: [{ status: 'stopped' }], [start]: [answer] }, 'start');

      await expect(done).rejects.toMatchObject({ code: 'bad-response' });
    },
  );
});
