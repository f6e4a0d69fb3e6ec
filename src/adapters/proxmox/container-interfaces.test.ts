import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { SourceError } from '../../domain/error.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';

const { signal } = new AbortController();
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 700 };
const interfaces = 'GET /nodes/pve1/lxc/700/interfaces';
const current = 'GET /nodes/pve1/lxc/700/status/current';

function seenBy(script: Parameters<typeof scriptedApi>[0]) {
  const api = scriptedApi(script);
  return { api, seen: createProxmoxHypervisor({ id: 'pve', api }).containerInterfaces(ref, signal) };
}

describe('the interfaces of a container', () => {
  it('are read with their IPv4 addresses', async () => {
    const { seen } = seenBy({
      [interfaces]: [
        [
          {
            name: 'eth0',
            hwaddr: 'bc:24:11:00:07:00',
            'hardware-address': 'bc:24:11:00:07:00',
            inet: '10.2.10.9/24',
            inet6: 'fe80::1/64',
            'ip-addresses': [
              { 'ip-address': '10.2.10.7', 'ip-address-type': 'inet', prefix: 24 },
              { 'ip-address': '10.2.10.9', 'ip-address-type': 'inet', prefix: 24 },
              { 'ip-address': 'fe80::1', 'ip-address-type': 'inet6', prefix: 64 },
              { 'ip-address-type': 'inet' },
            ],
          },
          { name: 'eth1', hwaddr: 'BC:24:11:00:07:01', 'ip-addresses': [] },
        ],
      ],
    });
    expect(await seen).toEqual([
      { name: 'eth0', mac: 'bc:24:11:00:07:00', addresses: ['10.2.10.7', '10.2.10.9'] },
      { name: 'eth1', mac: 'bc:24:11:00:07:01', addresses: [] },
    ]);
  });

  it('have the one address that is told beside, where a release has no list', async () => {
    const { seen } = seenBy({
      [interfaces]: [[{ name: 'eth0', hwaddr: 'bc:24:11:00:07:00', inet: '10.2.10.9/24' }]],
    });
    expect(await seen).toEqual([{ name: 'eth0', mac: 'bc:24:11:00:07:00', addresses: ['10.2.10.9'] }]);
  });

  it.each<[string, unknown, string]>([
    ['guest-off where it is switched off', { status: 'stopped' }, 'guest-off'],
    ['not-found where that node has no such container', unknownThere(), 'not-found'],
    ['command-failed where it runs, and none are shown', { status: 'running' }, 'command-failed'],
  ])('are never none for an answer of null: %s', async (_, state, code) => {
    const { seen } = seenBy({ [interfaces]: [null], [current]: [state] });
    await expect(seen).rejects.toMatchObject({ name: 'SourceError', code });
  });

  it.each<[string, unknown]>([
    ['is no list', { name: 'eth0' }],
    ['has no name', [{ hwaddr: 'bc:24:11:00:07:00' }]],
    ['is endless', Array.from({ length: 4097 }, (_, index) => ({ name: `eth${index}` }))],
  ])('are refused as bad-response where the answer %s', async (_, answer) => {
    await expect(seenBy({ [interfaces]: [answer] }).seen).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('are refused with the privilege that is missing', async () => {
    const refused = new SourceError('permission-refused', 'Proxmox VE', 'Permission check failed');
    const { seen } = seenBy({ [interfaces]: [refused] });
    await expect(seen).rejects.toMatchObject({ code: 'permission-refused' });
  });
});

function unknownThere(): SourceError {
  return new SourceError(
    'command-failed',
    'Proxmox VE',
    "Configuration file 'nodes/pve1/lxc/700.conf' does not exist",
  );
}
