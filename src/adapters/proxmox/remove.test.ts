import { describe, expect, it } from 'vitest';
import { type ScriptedAnswer, scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { SourceError } from '../../domain/error.ts';
import type { ApiCall } from './client.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const uuid = '22222222-2222-4222-8222-222222222222';
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 300 };
const upid = 'UPID:pve2:0000A1B2:0C0FFEE0:65A0B1C2:qmdestroy:300:ops@pve!truename:';
const list = 'GET /cluster/resources';
const at = '/nodes/pve2/qemu/300';
const moved = [{ type: 'qemu', vmid: 300, node: 'pve2', status: 'stopped', template: 0 }];
const config = { smbios1: `uuid=${uuid}`, digest: 'a'.repeat(40) };
const refused = new SourceError('command-failed', 'Proxmox VE', 'refused');

function remove(script: Readonly<Record<string, readonly ScriptedAnswer[]>>) {
  const api = scriptedApi({
    [list]: [moved],
    [`GET ${at}/config`]: [config],
    [`GET ${at}/status/current`]: [{ status: 'stopped' }],
    [`DELETE ${at}`]: [upid],
    [`GET /nodes/pve2/tasks/${upid}/status`]: [{ status: 'stopped', exitstatus: 'OK' }],
    [`GET /nodes/pve2/tasks/${upid}/log`]: [[]],
    'GET /cluster/nextid': ['300'],
    'GET /access/permissions': [{ '/vms/300': { 'VM.Audit': 1 } }],
    ...script,
  });
  const { making } = createProxmoxHypervisor({ id: 'pve', api, clock: { sleep: async () => undefined } });
  return { api, done: making.remove({ ref, uuid }, new AbortController().signal) };
}

describe('removeGuest', () => {
  it('removes a VM where it is by now, with all that is kept under its number', async () => {
    const { api, done } = remove({});

    await done;

    expect(api.params[api.asked.indexOf(`DELETE ${at}`)]).toEqual({ purge: 1 });
  });

  it('is content with one that is gone, and not with one that is hidden', async () => {
    const gone = remove({ [list]: [[]] });
    const hidden = remove({ [list]: [[]], 'GET /access/permissions': [{}] });

    await gone.done;

    await expect(hidden.done).rejects.toMatchObject({ code: 'permission-refused' });
    expect([...gone.api.asked, ...hidden.api.asked]).not.toContain(`DELETE ${at}`);
  });

  it.each([
    ['guest-on', { [`GET ${at}/status/current`]: [{ status: 'running', pid: 1 }] }],
    ['guest-changed', { [`GET ${at}/config`]: [{ ...config, smbios1: 'uuid=other' }] }],
    ['guest-changed', { [list]: [[{ type: 'lxc', vmid: 300, node: 'pve2', status: 'stopped' }]] }],
    ['vm-is-template', { [`GET ${at}/config`]: [{ ...config, template: 1 }] }],
    ['vm-locked', { [`GET ${at}/config`]: [{ ...config, lock: 'clone' }] }],
  ])('leaves what it should not: %s', async (code, script) => {
    const { api, done } = remove(script);

    await expect(done).rejects.toMatchObject({ name: 'SourceError', code });
    expect(api.asked).not.toContain(`DELETE ${at}`);
  });

  it('tries again, and does not believe an end that left it there', async () => {
    const soon = remove({ [`DELETE ${at}`]: [refused, upid] });
    const nextid = ({ params }: ApiCall) =>
      params?.vmid === undefined ? Promise.resolve('101') : Promise.reject(refused);
    const there = remove({ 'GET /cluster/nextid': [nextid] });

    await soon.done;

    await expect(there.done).rejects.toMatchObject({ message: expect.stringContaining('still there') });
    expect(there.api.asked.filter((call) => call.startsWith('DELETE'))).toHaveLength(3);
  });
});
