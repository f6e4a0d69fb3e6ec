import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { SourceError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Shell } from '../../domain/ports.ts';
import type { ProxmoxApi } from './client.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const { signal } = new AbortController();
const resources = 'GET /cluster/resources';
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 300 };
const current = 'GET /nodes/pve1/qemu/300/status/current';
const permissions = 'GET /access/permissions';
const missing = new SourceError(
  'command-failed',
  'Proxmox VE',
  "Configuration file '300.conf' does not exist",
);

function hypervisor(api: ProxmoxApi) {
  return createProxmoxHypervisor({ id: 'pve', api, clock: { sleep: () => Promise.resolve() } });
}

function on(node: string, vmid: number) {
  return { hypervisor: 'pve', node, vmid };
}

function guest(vmid: number, rest: Partial<GuestSummary>) {
  return { ref: on('pve1', vmid), template: false, tags: [], ...rest };
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
      { type: 'lxc', vmid: 101, node: 'a', status: 'stopped', name: 'CT101' },
    ];
    const api = scriptedApi({
      [resources]: [rows],
      'GET /nodes/a/qemu/100/status/current': [{ status: 'stopped' }],
      'GET /nodes/a/lxc/101/status/current': [{ status: 'running', type: 'lxc' }],
    });

    const [template, container] = await Promise.all([
      hypervisor(api).find(100, signal),
      hypervisor(api).find(101, signal),
    ]);

    expect(template).toMatchObject({ template: true, power: 'stopped' });
    expect(template?.name).toBeUndefined();
    expect(container).toMatchObject({ kind: 'container', name: 'CT101', power: 'running' });
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

describe('guests', () => {
  it('gives VMs, containers and templates, and nothing else that is listed', async () => {
    const api = scriptedApi({
      [resources]: [
        [
          { type: 'node', node: 'pve1', status: 'online' },
          { type: 'storage', node: 'pve1', storage: 'local', vmid: 7 },
          { type: 'qemu', vmid: 9000, node: 'pve1', status: 'stopped', name: 'tpl', template: 1 },
          { type: 'qemu', vmid: '300', node: 'pve1', status: 'paused', name: 'VM 300' },
          { type: 'lxc', vmid: 700, node: 'pve2', status: 'running', name: 'ct', tags: 'a;b' },
          { type: 'qemu', vmid: 301, node: 'pve2', status: 'unknown' },
        ],
      ],
    });

    const guests = await hypervisor(api).guests(signal);

    expect(guests).toEqual([
      guest(9000, { kind: 'vm', power: 'stopped', template: true, name: 'tpl' }),
      guest(300, { kind: 'vm', power: 'paused' }),
      {
        ...guest(700, { kind: 'container', power: 'running', name: 'ct', tags: ['a', 'b'] }),
        ref: on('pve2', 700),
      },
      { ...guest(301, { kind: 'vm', power: 'unknown' }), ref: on('pve2', 301) },
    ]);
    expect(api.asked).toEqual([resources]);
    expect(api.params).toEqual([{ type: 'vm' }]);
  });

  it('gives names as they are, whatever is in them', async () => {
    const name = '\u001b[2J\u202ealpha';
    const api = scriptedApi({
      [resources]: [[{ type: 'lxc', vmid: 700, node: 'pve1', status: 'running', name }]],
    });

    expect(await hypervisor(api).guests(signal)).toMatchObject([{ name }]);
  });

  it('takes an empty list for one only where some guest would be seen', async () => {
    const sees = scriptedApi({ [resources]: [[]], [permissions]: [{ '/pool/blue': { 'VM.Audit': 1 } }] });
    const blind = scriptedApi({ [resources]: [[]], [permissions]: [{ '/': { 'Sys.Audit': 1 } }] });
    const root = { ...scriptedApi({ [resources]: [[]] }), isRoot: true };

    expect(await hypervisor(sees).guests(signal)).toEqual([]);
    expect(await hypervisor(root).guests(signal)).toEqual([]);
    await expect(hypervisor(blind).guests(signal)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'permission-refused',
      message: expect.stringContaining('VM.Audit'),
      hint: expect.stringContaining('/vms'),
    });
  });

  it('leaves out no guest that it cannot read', async () => {
    const api = scriptedApi({ [resources]: [[{ type: 'qemu', vmid: 300, node: 'a/../b' }]] });

    await expect(hypervisor(api).guests(signal)).rejects.toMatchObject({ code: 'bad-response' });
  });
});

describe('what depends on the way in', () => {
  const vm = { ref, kind: 'vm' } as const;
  const container = { ref: on('pve1', 700), kind: 'container' } as const;
  const nic = { slot: 'net1', mac: 'bc:24:11:00:00:01' as Mac };

  it('is, without a way into the nodes, the guest agent alone', () => {
    const remote = hypervisor(scriptedApi({}));

    expect('port' in remote).toBe(false);
    expect(remote.inside(container)).toBeUndefined();
    expect(remote.inside(vm)?.via).toBe('guest agent of pve1/300');
  });

  it('is, with one, containers and the nodes’ end of NICs too', () => {
    const shells = new Map([['pve1', scriptedShell()]]);
    const near = createProxmoxHypervisor({
      id: 'pve',
      api: scriptedApi({}),
      nodeShell: (node) => shells.get(node) as Shell,
    });

    expect(near.inside(container)?.via).toBe('pct exec 700 on pve1');
    expect(near.inside(vm)?.via).toBe('guest agent of pve1/300');
    expect(near.port?.(vm, nic)).toEqual({ device: 'tap300i1', shell: shells.get('pve1') });
    expect(near.port?.(container, nic)).toEqual({ device: 'veth700i1', shell: shells.get('pve1') });
    expect(() => near.port?.(vm, { ...nic, slot: 'eth0; reboot' })).toThrow(SourceError);
  });
});
