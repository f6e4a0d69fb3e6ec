import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { SourceError } from '../../domain/error.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const { signal } = new AbortController();
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 300 };
const base = '/nodes/pve1/qemu/300/agent';
const interfaces = `GET ${base}/network-get-interfaces`;
const exec = `POST ${base}/exec`;
const execStatus = `GET ${base}/exec-status`;
const ping = `POST ${base}/ping`;
const current = 'GET /nodes/pve1/qemu/300/status/current';
const runs = { status: 'running', qmpstatus: 'running', pid: 7 };
const notRunning = new SourceError('command-failed', 'Proxmox VE', 'QEMU guest agent is not running');

function agentOn(script: Parameters<typeof scriptedApi>[0]) {
  const api = scriptedApi(script);
  const hypervisor = createProxmoxHypervisor({ id: 'pve', api, clock: { sleep: () => Promise.resolve() } });
  return { api, agent: hypervisor.agent(ref) };
}

describe('interfaces', () => {
  it('reads IPv4 addresses, and interfaces that have none', async () => {
    const { agent } = agentOn({
      [interfaces]: [
        {
          result: [
            {
              name: 'lo',
              'hardware-address': '00:00:00:00:00:00',
              'ip-addresses': [
                { 'ip-address': '127.0.0.1', 'ip-address-type': 'ipv4', prefix: 8 },
                { 'ip-address': '::1', 'ip-address-type': 'ipv6', prefix: 128 },
              ],
            },
            { name: 'ens18', 'hardware-address': 'bc:24:11:2e:c5:4a', statistics: { 'rx-bytes': 1 } },
            {
              name: 'tun0',
              'ip-addresses': [{ 'ip-address': '010.0.0.1', 'ip-address-type': 'ipv4', prefix: 8 }],
            },
          ],
        },
      ],
    });

    expect(await agent.interfaces(signal)).toEqual([
      { name: 'lo', mac: '00:00:00:00:00:00', addresses: ['127.0.0.1'] },
      { name: 'ens18', mac: 'bc:24:11:2e:c5:4a', addresses: [] },
      { name: 'tun0', addresses: [] },
    ]);
  });

  it('takes an error inside a good answer for an error', async () => {
    const error = { class: 'CommandNotFound', desc: 'The command has been disabled' };
    const { agent } = agentOn({ [interfaces]: [{ result: { error } }] });

    await expect(agent.interfaces(signal)).rejects.toMatchObject({
      code: 'command-failed',
      message: expect.stringContaining('The command has been disabled'),
    });
  });

  it('says that the agent of a running VM is silent when the product refuses the call', async () => {
    const { agent } = agentOn({ [interfaces]: [notRunning], [current]: [runs] });

    await expect(agent.interfaces(signal)).rejects.toMatchObject({ code: 'agent-silent', cause: notRunning });
  });

  it('tells a VM that is off by its state, and one that is gone by the product’s word', async () => {
    const off = agentOn({
      [interfaces]: [notRunning],
      [current]: [{ status: 'stopped', qmpstatus: 'stopped' }],
    });
    const gone = agentOn({ [interfaces]: [notRunning], [current]: [notRunning] });

    await expect(off.agent.interfaces(signal)).rejects.toMatchObject({
      code: 'guest-off',
      cause: notRunning,
    });
    await expect(gone.agent.interfaces(signal)).rejects.toBe(notRunning);
  });

  it('keeps a missing privilege apart from silence, and says what to grant on both versions', async () => {
    const refused = new SourceError(
      'permission-refused',
      'Proxmox VE',
      'Permission check failed (/vms/300, VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted)',
      { where: 'https://pve1:8006' },
    );
    const { agent, api } = agentOn({ [interfaces]: [refused], [exec]: [refused] });

    await expect(agent.interfaces(signal)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'permission-refused',
      message: refused.message,
      where: 'https://pve1:8006',
      hint: expect.stringMatching(/VM\.GuestAgent\.Audit .*VM\.Monitor .*\/vms\/300/),
    });
    await expect(agent.run(['true'], signal)).rejects.toMatchObject({
      message: refused.message,
      hint: expect.stringMatching(/VM\.GuestAgent\.Unrestricted .*VM\.Monitor .*\/vms\/300/),
    });
    expect(api.asked).toEqual([interfaces, exec]);
  });

  it('does not need to see the VM’s state to call its agent silent', async () => {
    const hidden = new SourceError('permission-refused', 'Proxmox VE', 'no VM.Audit');
    const { agent } = agentOn({ [interfaces]: [notRunning], [current]: [hidden] });

    await expect(agent.interfaces(signal)).rejects.toMatchObject({ code: 'agent-silent' });
  });

  it('passes on what says nothing of the agent', async () => {
    const away = new SourceError('unreachable', 'Proxmox VE', 'the node is away');
    const { agent, api } = agentOn({ [interfaces]: [away] });

    await expect(agent.interfaces(signal)).rejects.toBe(away);
    expect(api.asked).toEqual([interfaces]);
  });
});

describe('run', () => {
  it('passes the program as a list and waits for its end', async () => {
    const { agent, api } = agentOn({
      [exec]: [{ pid: 77 }],
      [execStatus]: [
        { exited: 0 },
        { exited: 1, exitcode: 3, 'out-data': 'Z\u00c3\u00bcrich\n', 'err-data': 'no\n' },
      ],
    });

    const result = await agent.run(['/bin/sh', '-c', 'echo; exit 3'], signal);

    expect(result).toEqual({ exitCode: 3, stdout: 'Zürich\n', stderr: 'no\n' });
    expect(api.asked).toEqual([exec, execStatus, execStatus]);
    expect(api.params).toEqual([{ command: ['/bin/sh', '-c', 'echo; exit 3'] }, { pid: 77 }, { pid: 77 }]);
  });

  it('counts a signal as a shell does, and says that output was cut', async () => {
    const { agent } = agentOn({
      [exec]: [{ pid: '5' }],
      [execStatus]: [{ exited: true, signal: 15, 'out-truncated': 1 }],
    });

    const result = await agent.run(['sleep', '9'], signal);

    expect(result.exitCode).toBe(143);
    expect(result.stderr).toContain('output cut');
  });

  it('calls the agent silent only when a ping is refused too', async () => {
    const failed = new SourceError('command-failed', 'Proxmox VE', 'Agent error: no such program');
    const silent = agentOn({ [exec]: [notRunning], [current]: [runs], [ping]: [notRunning] });
    const alive = agentOn({ [exec]: [failed], [current]: [runs], [ping]: [{ result: {} }] });

    await expect(silent.agent.run(['x'], signal)).rejects.toMatchObject({ code: 'agent-silent' });
    await expect(alive.agent.run(['x'], signal)).rejects.toBe(failed);
  });

  it('tells a VM that was switched off while the program ran', async () => {
    const { agent } = agentOn({
      [exec]: [{ pid: 5 }],
      [execStatus]: [{ exited: 0 }, notRunning],
      [current]: [{ status: 'stopped' }],
    });

    await expect(agent.run(['sleep', '9'], signal)).rejects.toMatchObject({ code: 'guest-off' });
  });

  it('asks soon, then ever more seldom', async () => {
    const slept: number[] = [];
    const clock = {
      sleep(ms: number) {
        slept.push(ms);
        return Promise.resolve();
      },
    };
    const api = scriptedApi({
      [exec]: [{ pid: 5 }],
      [execStatus]: [...Array.from({ length: 15 }, () => ({ exited: 0 })), { exited: 1, exitcode: 0 }],
    });

    await createProxmoxHypervisor({ id: 'pve', api, clock }).agent(ref).run(['sleep', '9'], signal);

    expect(slept.slice(0, 3)).toEqual([50, 60, 72]);
    expect(slept.slice(-2)).toEqual([500, 500]);
  });

  it('passes an input as the bytes of its UTF-8', async () => {
    const { agent, api } = agentOn({ [exec]: [{ pid: 5 }], [execStatus]: [{ exited: 1 }] });

    await agent.run(['cat'], signal, 'Zürich €');

    expect(api.params[0]).toEqual({ command: ['cat'], 'input-data': 'Z\u00c3\u00bcrich \u00e2\u0082\u00ac' });
  });

  it('passes 64 KiB and not a byte more', async () => {
    const { agent, api } = agentOn({ [exec]: [{ pid: 5 }], [execStatus]: [{ exited: 1 }] });

    await agent.run(['cat'], signal, 'x'.repeat(65_536));
    await expect(agent.run(['cat'], signal, `ü${'x'.repeat(65_535)}`)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'unsupported',
      message: expect.stringContaining('65537 bytes'),
    });

    expect(api.asked).toEqual([exec, execStatus]);
  });
});
