import { describe, expect, it } from 'vitest';
import { type ScriptedAnswer, scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { SourceError } from '../../domain/error.ts';
import type { GuestSettings, StandingGuest } from '../../domain/guest-maker.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const ref = { hypervisor: 'pve', node: 'pve1', vmid: 300 };
const get = 'GET /nodes/pve1/qemu/300/config';
const put = 'PUT /nodes/pve1/qemu/300/config';
const version = 'a'.repeat(40);
const mac = 'bc:24:11:5e:00:01' as Mac;
const before = { name: 'alpha', net0: 'virtio=BC:24:11:00:00:01,bridge=lan', digest: version };
const after = { name: 'beta', net0: 'virtio=BC:24:11:5E:00:01,bridge=lan', digest: 'b'.repeat(40) };
const locked = { ...before, lock: 'backup' };
const refused = new SourceError('command-failed', 'Proxmox VE', 'refused');
const settings: GuestSettings = { name: 'beta' as Hostname, nics: [{ slot: 'net0', mac }] };

function configure(
  script: Readonly<Record<string, readonly ScriptedAnswer[]>>,
  wanted: GuestSettings = settings,
) {
  const api = scriptedApi({ [put]: [null], ...script });
  let sleeps = 0;
  const sleep = async () => {
    sleeps += 1;
  };
  const { making } = createProxmoxHypervisor({ id: 'pve', api, clock: { sleep } });
  const standing: StandingGuest = {
    ref,
    version,
    name: 'alpha',
    template: false,
    nics: [],
    agentEnabled: false,
    cloudInit: false,
    tags: [],
  };
  const done = making.configure(standing, wanted, new AbortController().signal);
  return { api, done, sleeps: () => sleeps };
}

describe('configureGuest', () => {
  it('writes under the version that was looked at, and gives what stands there then', async () => {
    const { api, done } = configure({ [get]: [before, after] });

    expect(await done).toMatchObject({ name: 'beta', version: after.digest, nics: [{ slot: 'net0', mac }] });
    expect(api.params[1]).toEqual({ name: 'beta', net0: after.net0, digest: version });
  });

  it('writes nothing over another version, nor where nothing is to be written', async () => {
    const other = configure({ [get]: [{ ...before, digest: 'c'.repeat(40) }] });
    const nothing = configure({ [get]: [before] }, {});

    await expect(other.done).rejects.toMatchObject({ code: 'guest-changed' });
    expect(await nothing.done).toMatchObject({ version });
    expect([...other.api.asked, ...nothing.api.asked]).not.toContain(put);
  });

  it('waits for a lock to go, half a minute and no longer', async () => {
    const goes = configure({ [get]: [locked, locked, before, after] });
    const stays = configure({ [get]: [locked] });

    await goes.done;

    expect(goes.sleeps()).toBe(2);
    await expect(stays.done).rejects.toMatchObject({
      code: 'vm-locked',
      message: 'VM 300 is locked (backup)',
      hint: expect.stringContaining('qm unlock 300'),
    });
    expect(stays.sleeps()).toBe(29);
    expect(stays.api.asked).not.toContain(put);
  });

  it('tries again what was refused, and tells what was changed meanwhile', async () => {
    const soon = configure({ [get]: [before, before, after], [put]: [refused, null] });
    const never = configure({ [get]: [before], [put]: [refused] });
    const meanwhile = configure({ [get]: [before, after], [put]: [refused] });

    expect(await soon.done).toMatchObject({ name: 'beta' });
    await expect(never.done).rejects.toBe(refused);
    expect(never.api.asked.filter((call) => call === put)).toHaveLength(3);
    await expect(meanwhile.done).rejects.toMatchObject({ code: 'guest-changed' });
  });

  it('believes no answer that nothing came of', async () => {
    const { done } = configure({ [get]: [before] });

    await expect(done).rejects.toMatchObject({
      code: 'guest-changed',
      message: expect.stringContaining('does not stand there'),
    });
  });

  it('names the privileges that these settings need', async () => {
    const forbidden = new SourceError('permission-refused', 'Proxmox VE', 'Permission check failed');
    const { done } = configure(
      { [get]: [before], [put]: [forbidden], 'GET /access/permissions': [{ '/vms/300': { 'VM.Audit': 1 } }] },
      { ...settings, searchDomain: 'srv.internal', cores: 2 },
    );

    await expect(done).rejects.toMatchObject({
      hint: 'Missing: VM.Config.Options on /vms/300; VM.Config.Network on /vms/300; VM.Config.Cloudinit or VM.Config.Network on /vms/300; VM.Config.CPU on /vms/300. Grant it to the token, and to its user.',
    });
  });
});
