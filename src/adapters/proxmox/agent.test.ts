import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { SourceError } from '../../domain/error.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const { signal } = new AbortController();
const base = '/nodes/pve1/qemu/300/agent';
const interfaces = `GET ${base}/network-get-interfaces`;
const exec = `POST ${base}/exec`;
const execStatus = `GET ${base}/exec-status`;
const ping = `POST ${base}/ping`;
const notRunning = new SourceError('command-failed', 'Proxmox VE', 'QEMU guest agent is not running');

function agentOn(script: Parameters<typeof scriptedApi>[0]) {
  const api = scriptedApi(script);
  const hypervisor = createProxmoxHypervisor({ id: 'pve', api, clock: { sleep: () => Promise.resolve() } });
  return { api, agent: hypervisor.agent({ hypervisor: 'pve', node: 'pve1', vmid: 300 }) };
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

  it('says that the agent is silent when the product refuses the call', async () => {
    const { agent } = agentOn({ [interfaces]: [notRunning] });

    await expect(agent.interfaces(signal)).rejects.toMatchObject({ code: 'agent-silent', cause: notRunning });
  });

  it('keeps a missing privilege apart from silence', async () => {
    const refused = new SourceError(
      'permission-refused',
      'Proxmox VE',
      'Permission check failed (/vms/300, X)',
    );
    const { agent } = agentOn({ [interfaces]: [refused] });

    await expect(agent.interfaces(signal)).rejects.toBe(refused);
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
    const silent = agentOn({ [exec]: [notRunning], [ping]: [notRunning] });
    const alive = agentOn({ [exec]: [failed], [ping]: [{ result: {} }] });

    await expect(silent.agent.run(['x'], signal)).rejects.toMatchObject({ code: 'agent-silent' });
    await expect(alive.agent.run(['x'], signal)).rejects.toBe(failed);
  });
});
