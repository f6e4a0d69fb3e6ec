import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { SourceError } from '../../domain/error.ts';
import type { ProxmoxApi } from './client.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const { signal } = new AbortController();
const resources = 'GET /cluster/resources';
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 300 };
const current = 'GET /nodes/pve1/qemu/300/status/current';
const config = 'GET /nodes/pve1/qemu/300/config';
const missing = new SourceError(
  'command-failed',
  'Proxmox VE',
  "Configuration file '300.conf' does not exist",
);

function hypervisor(api: ProxmoxApi) {
  return createProxmoxHypervisor({ id: 'pve', api, clock: { sleep: () => Promise.resolve() } });
}

describe('find', () => {
  it('reads a guest whether its numbers come as numbers or as text', async () => {
    const api = scriptedApi({
      [resources]: [
        [
          { id: 'node/pve1', type: 'node', node: 'pve1', status: 'online' },
          { id: 'qemu/3000', type: 'qemu', vmid: 3000, node: 'pve2', status: 'running' },
          {
            id: 'qemu/300',
            type: 'qemu',
            vmid: '300',
            node: 'pve1',
            status: 'running',
            name: 'web-1',
            template: '0',
            tags: 'prod;web',
            pool: 'blue',
            lock: 'backup',
            cpu: 0.01,
          },
        ],
      ],
      [current]: [{ status: 'running', qmpstatus: 'running', pid: 7 }],
    });

    const guest = await hypervisor(api).find(300, signal);

    expect(guest).toEqual({
      ref,
      kind: 'vm',
      power: 'running',
      template: false,
      name: 'web-1',
      tags: ['prod', 'web'],
      pool: 'blue',
      lock: 'backup',
    });
    expect(api.params[0]).toEqual({ type: 'vm' });
  });

  it.each([
    ['running', { status: 'stopped' }, 'stopped'],
    ['stopped', { status: 'running', qmpstatus: 'running' }, 'running'],
    ['running', { status: 'running', qmpstatus: 'paused' }, 'paused'],
    ['unknown', { status: 'running' }, 'running'],
  ])('tells the power of this moment: the list says %s, the node %o', async (listed, state, power) => {
    const row = { type: 'qemu', vmid: 300, node: 'pve1', status: listed, name: 'web-1' };
    const api = scriptedApi({ [resources]: [[row]], [current]: [state] });

    expect(await hypervisor(api).find(300, signal)).toMatchObject({ power });
  });

  it('gives a fresh clone without a name, and the list’s power where its node does not know it', async () => {
    const api = scriptedApi({
      [resources]: [[{ type: 'qemu', vmid: 300, node: 'pve1', status: 'unknown' }]],
      [current]: [missing],
    });

    const guest = await hypervisor(api).find(300, signal);

    expect(guest).toEqual({ ref, kind: 'vm', power: 'unknown', template: false, tags: [] });
  });

  it('knows templates, containers and the made-up name of a nameless VM', async () => {
    const rows = [
      { type: 'qemu', vmid: 100, node: 'a', status: 'stopped', name: 'VM 100', template: 1 },
      { type: 'lxc', vmid: 101, node: 'a', status: 'paused', name: 'CT101' },
    ];
    const api = scriptedApi({
      [resources]: [rows],
      'GET /nodes/a/qemu/100/status/current': [{ status: 'stopped' }],
    });

    const [template, container] = await Promise.all([
      hypervisor(api).find(100, signal),
      hypervisor(api).find(101, signal),
    ]);

    expect(template).toMatchObject({ template: true, power: 'stopped' });
    expect(template?.name).toBeUndefined();
    expect(container).toMatchObject({ kind: 'container', power: 'paused' });
  });

  it('gives nothing for a number that the cluster does not know', async () => {
    const api = scriptedApi({
      [resources]: [[]],
      'GET /access/permissions': [{ '/vms/300': { 'VM.Audit': 1 } }],
    });

    await expect(hypervisor(api).find(300, signal)).resolves.toBeUndefined();
  });

  it('asks for no permissions as root, who sees everything', async () => {
    const api = { ...scriptedApi({ [resources]: [[]] }), isRoot: true };

    await expect(hypervisor(api).find(300, signal)).resolves.toBeUndefined();
  });

  it('does not take a list that hides the guest for its absence', async () => {
    const api = scriptedApi({ [resources]: [[]], 'GET /access/permissions': [{ '/vms/300': {} }] });

    await expect(hypervisor(api).find(300, signal)).rejects.toMatchObject({
      code: 'permission-refused',
      message: expect.stringContaining('VM.Audit on /vms/300'),
    });
  });

  it.each([
    ['no list', 'x'],
    ['an illegal node name', [{ type: 'qemu', vmid: 300, node: '../access' }]],
    ['no node', [{ type: 'qemu', vmid: 300 }]],
  ])('refuses %s', async (_what, answer) => {
    const api = scriptedApi({ [resources]: [answer] });

    await expect(hypervisor(api).find(300, signal)).rejects.toMatchObject({ code: 'bad-response' });
  });
});

describe('configuration', () => {
  it('reads what the next start would use', async () => {
    const api = scriptedApi({
      [config]: [
        {
          name: 'web-1',
          memory: '2048',
          cores: 2,
          agent: 'enabled=1,fstrim_cloned_disks=1',
          net10: 'e1000=BC:24:11:00:00:0A,bridge=vmbr1',
          net2: 'virtio=BC:24:11:2E:C5:4A,bridge=vmbr0,tag=210',
          ide2: 'local-lvm:vm-300-cloudinit,media=cdrom,size=4M',
          smbios1: 'uuid=4C4C4544-0042-4810-8056-B4C04F395931,manufacturer=UUVNVQ==,base64=1',
          searchdomain: 'srv.internal',
          lock: 'clone',
          digest: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
        },
      ],
    });

    const configuration = await hypervisor(api).configuration(ref, signal);

    expect(configuration).toEqual({
      ref,
      name: 'web-1',
      template: false,
      uuid: '4c4c4544-0042-4810-8056-b4c04f395931',
      nics: [
        { slot: 'net2', mac: 'bc:24:11:2e:c5:4a', bridge: 'vmbr0', vlan: 210 },
        { slot: 'net10', mac: 'bc:24:11:00:00:0a', bridge: 'vmbr1' },
      ],
      agentEnabled: true,
      cloudInit: true,
      searchDomain: 'srv.internal',
      lock: 'clone',
    });
  });

  it('reads a bare VM: no name, no network, agent off, an ordinary CD', async () => {
    const api = scriptedApi({
      [config]: [
        { template: 1, agent: 0, ide2: 'local:iso/cloudinit-notes.iso,media=cdrom', smbios1: 'uuid=1' },
      ],
    });

    const configuration = await hypervisor(api).configuration(ref, signal);

    expect(configuration).toEqual({
      ref,
      name: 'VM300',
      template: true,
      nics: [],
      agentEnabled: false,
      cloudInit: false,
    });
  });

  it.each([
    'local:300/vm-300-cloudinit.qcow2,media=cdrom',
    'local-lvm:cloudinit',
    'file=zfs:vm-300-cloudinit',
  ])('sees the cloud-init drive %s', async (drive) => {
    const api = scriptedApi({ [config]: [{ scsi1: drive }] });

    await expect(hypervisor(api).configuration(ref, signal)).resolves.toMatchObject({ cloudInit: true });
  });

  it.each([
    ['1', true],
    ['on,type=virtio', true],
    [1, true],
    ['0', false],
    ['enabled=0', false],
    ['type=isa', false],
  ])('reads agent %s as %s', async (agent, agentEnabled) => {
    const api = scriptedApi({ [config]: [{ agent }] });

    await expect(hypervisor(api).configuration(ref, signal)).resolves.toMatchObject({ agentEnabled });
  });

  it('refuses a network interface that it cannot read rather than leaving it out', async () => {
    const api = scriptedApi({ [config]: [{ net1: 'virtio,bridge=vmbr0' }] });

    await expect(hypervisor(api).configuration(ref, signal)).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('net1'),
    });
  });

  it('tells a VM that is gone, one that has moved, and a container from a plain refusal', async () => {
    const audit = { 'GET /access/permissions': [{ '/vms/300': { 'VM.Audit': 1 } }] };
    const on = (rows: unknown) =>
      hypervisor(scriptedApi({ [config]: [missing], [resources]: [rows], ...audit }));
    const row = { type: 'qemu', vmid: 300, status: 'running' };

    await expect(on([]).configuration(ref, signal)).rejects.toMatchObject({ code: 'not-found' });
    await expect(on([{ ...row, node: 'pve2' }]).configuration(ref, signal)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('pve2'),
    });
    await expect(
      on([{ ...row, node: 'pve1', type: 'lxc' }]).configuration(ref, signal),
    ).rejects.toMatchObject({ code: 'unsupported' });
    await expect(on([{ ...row, node: 'pve1' }]).configuration(ref, signal)).rejects.toBe(missing);
  });
});
