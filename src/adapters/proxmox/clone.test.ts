import { describe, expect, it } from 'vitest';
import { type ScriptedAnswer, scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { SourceError } from '../../domain/error.ts';
import type { CloneRequest, MadeGuest } from '../../domain/guest-maker.ts';
import type { Hostname } from '../../domain/name.ts';
import type { ApiCall } from './client.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const upid = 'UPID:pve1:0000A1B2:0C0FFEE0:65A0B1C2:qmclone:9000:ops@pve!truename:';
const post = 'POST /nodes/pve1/qemu/9000/clone';
const task = `GET /nodes/pve1/tasks/${upid}/status`;
const log = `GET /nodes/pve1/tasks/${upid}/log`;
const next = 'GET /cluster/nextid';
const config = 'GET /nodes/pve1/qemu/300/config';
const template = 'GET /nodes/pve1/qemu/9000/config';
const permissions = 'GET /access/permissions';
const ok = { status: 'stopped', exitstatus: 'OK' };
const failed = { status: 'stopped', exitstatus: "can't lock file - got timeout" };
const made = { name: 'alpha', description: 'run 1\n', digest: 'a'.repeat(40) };
const refused = new SourceError('command-failed', 'Proxmox VE', 'refused');
const forbidden = new SourceError('permission-refused', 'Proxmox VE', 'Permission check failed');

const request: CloneRequest = {
  source: { hypervisor: 'pve', node: 'pve1', vmid: 9000 },
  vmid: 300,
  name: 'alpha' as Hostname,
  description: 'run 1',
  disks: 'linked',
};

/** A cluster where the number is free as long as `free` says so. */
function cluster(
  script: Readonly<Record<string, readonly ScriptedAnswer[]>>,
  free: () => boolean = () => true,
) {
  const nextid = ({ params }: ApiCall) =>
    params?.vmid === undefined || free()
      ? Promise.resolve(String(params?.vmid ?? 101))
      : Promise.reject(refused);
  const api = scriptedApi({
    [next]: [nextid],
    [log]: [[]],
    [config]: [made],
    [template]: [{ digest: made.digest }],
    ...script,
  });
  const pauses: number[] = [];
  const sleep = async (ms: number) => {
    pauses.push(ms);
  };
  const { making } = createProxmoxHypervisor({ id: 'pve', api, clock: { sleep } });
  const clone = (changes: Partial<CloneRequest> = {}): Promise<MadeGuest> =>
    making.clone({ ...request, ...changes }, new AbortController().signal);
  return { api, pauses, clone };
}

describe('cloneGuest', () => {
  it('asks for what is wanted, follows the task, and looks at what stands there', async () => {
    const { api, clone } = cluster({ [post]: [upid], [task]: [{ status: 'running' }, ok] });

    const guest = await clone({ disks: 'full', storage: 'fast', pool: 'lab' });

    expect(guest).toEqual({ ref: { hypervisor: 'pve', node: 'pve1', vmid: 300 }, warnings: [] });
    expect(api.params[api.asked.indexOf(post)]).toEqual({
      newid: 300,
      name: 'alpha',
      full: 1,
      description: 'run 1',
      storage: 'fast',
      pool: 'lab',
    });
    expect(api.asked.at(-1)).toBe(config);
  });

  it('looks for it on the node that is to have it', async () => {
    const there = 'GET /nodes/pve2/qemu/300/config';
    const { api, clone } = cluster({ [post]: [upid], [task]: [ok], [there]: [made] });

    const { ref } = await clone({ targetNode: 'pve2' });

    expect(ref.node).toBe('pve2');
    expect(api.params[api.asked.indexOf(post)]).toMatchObject({ target: 'pve2' });
  });

  it('gives what the task warns of', async () => {
    const lines = ['create full clone', 'WARN: volume is active', 'TASK WARNINGS: 1'].map((t) => ({ t }));
    const { clone } = cluster({
      [post]: [upid],
      [task]: [{ status: 'stopped', exitstatus: 'WARNINGS: 1' }],
      [log]: [lines],
    });

    expect((await clone()).warnings).toEqual(['volume is active']);
  });

  it('begins again what failed and left nothing, and not for ever', async () => {
    const once = cluster({ [post]: [upid], [task]: [failed, failed, ok] });
    const always = cluster({ [post]: [upid], [task]: [failed], [log]: [[{ t: 'TASK ERROR: got timeout' }]] });

    await once.clone();

    expect(once.api.asked.filter((call) => call === post)).toHaveLength(3);
    expect(once.pauses).toEqual([2000, 4000]);
    await expect(always.clone()).rejects.toMatchObject({
      code: 'command-failed',
      message: expect.stringContaining('TASK ERROR: got timeout'),
    });
    expect(always.api.asked.filter((call) => call === post)).toHaveLength(4);
    await expect(always.clone({ disks: 'full' })).rejects.toMatchObject({ code: 'command-failed' });
    expect(always.api.asked.filter((call) => call === post)).toHaveLength(6);
  });

  it('takes what is refused at once for final, and waits for a lock on the source', async () => {
    const locked = { digest: made.digest, lock: 'backup' };
    const { api, clone } = cluster({ [post]: [refused], [template]: [locked, { digest: made.digest }] });
    const stays = cluster({ [template]: [locked] });

    await expect(clone()).rejects.toBe(refused);
    expect(api.asked.filter((call) => call === post)).toHaveLength(1);
    expect(api.asked.filter((call) => call === template)).toHaveLength(2);
    await expect(stays.clone()).rejects.toMatchObject({ code: 'vm-locked' });
  });

  it('does not ask where the number is taken, and takes nobody’s who was quicker', async () => {
    const early = cluster({}, () => false);
    let free = true;
    const late = cluster(
      {
        [post]: [
          () => {
            free = false;
            return Promise.resolve(upid);
          },
        ],
        [task]: [failed],
        [config]: [{ ...made, description: 'run 2' }],
      },
      () => free,
    );

    await expect(early.clone()).rejects.toMatchObject({ code: 'guest-number-taken' });
    expect(early.api.asked).not.toContain(post);
    await expect(late.clone()).rejects.toMatchObject({ code: 'guest-number-taken' });
    expect(late.api.asked.filter((call) => call === post)).toHaveLength(1);
  });

  it('says so where its own copy failed and is there all the same', async () => {
    let free = true;
    const start = () => {
      free = false;
      return Promise.resolve(upid);
    };
    const { clone } = cluster({ [post]: [start], [task]: [failed] }, () => free);

    await expect(clone()).rejects.toMatchObject({
      code: 'guest-changed',
      hint: expect.stringContaining('qm destroy 300'),
    });
  });

  it('sends nothing twice that may have arrived', async () => {
    const { api, clone } = cluster({ [post]: [new SourceError('timeout', 'Proxmox VE', 'no answer')] });

    await expect(clone()).rejects.toMatchObject({ code: 'timeout' });
    expect(api.asked.filter((call) => call === post)).toHaveLength(1);
  });

  it('names every privilege that is missing, where the product names none', async () => {
    const granted: Readonly<Record<string, readonly string[]>> = { '/vms/9000': ['VM.Clone', 'VM.Audit'] };
    const source = {
      scsi0: 'fast:base-9000-disk-0,size=8G',
      ide2: 'local:9000/x,media=cdrom',
      digest: made.digest,
    };
    const { clone } = cluster({
      [post]: [forbidden],
      [permissions]: [
        ({ params }: ApiCall) => {
          const path = String(params?.path);
          return Promise.resolve({
            [path]: Object.fromEntries((granted[path] ?? []).map((each) => [each, 1])),
          });
        },
      ],
      [template]: [source],
    });

    await expect(clone({ pool: 'lab' })).rejects.toMatchObject({
      code: 'permission-refused',
      hint: expect.stringContaining(
        'VM.Allocate on /vms/300 or /pool/lab; Datastore.AllocateSpace on /storage/fast.',
      ),
    });
  });
});
