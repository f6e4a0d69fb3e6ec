import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from './load.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'truename-conventions-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function load() {
  return loadConfiguration({ workingDirectory: directory, homeDirectory: join(directory, 'home') });
}

describe('the conventions of TAPPaaS', () => {
  const zones = {
    mgmt: {
      type: 'Management',
      state: 'Manual',
      vlantag: 0,
      ip: '10.0.0.0/24',
      bridge: 'lan',
      'access-to': ['all'],
    },
    srv: { type: 'Service', state: 'Active', vlantag: '210', ip: '10.2.10.0/24', SSID: 'x' },
    _remark: 'text',
    group: { description: 'no VLAN of its own' },
  };

  function writeZones(text: string) {
    mkdirSync(join(directory, 'home/config'), { recursive: true });
    const path = join(directory, 'home/config/zones.json');
    writeFileSync(path, text);
    return path;
  }

  it('hold without any file', async () => {
    const configuration = await load();

    expect(configuration).toMatchObject({
      origin: { kind: 'conventions' },
      hypervisors: [{ id: 'tappaas', access: { kind: 'ssh', nodes: '{node}.mgmt.internal', user: 'root' } }],
      dhcpServers: [
        {
          id: 'firewall',
          ssh: { host: 'firewall.mgmt.internal', user: 'root' },
          leaseFile: '/var/db/dnsmasq.leases',
        },
      ],
      resolvers: [{ id: 'firewall', address: 'firewall.mgmt.internal', port: 53 }],
    });
    expect(configuration.segments).toEqual([
      { name: 'mgmt', domain: 'mgmt.internal', dhcpServer: 'firewall', resolvers: ['firewall'] },
    ]);
  });

  it('take each zone for a segment', async () => {
    const zonesFile = writeZones(JSON.stringify(zones, undefined, '\t'));

    const { segments, origin } = await load();

    const common = { bridge: 'lan', dhcpServer: 'firewall', resolvers: ['firewall'] };
    expect(origin).toEqual({ kind: 'conventions', zonesFile });
    expect(segments).toEqual([
      { ...common, name: 'mgmt', domain: 'mgmt.internal', subnet: { network: '10.0.0.0', prefix: 24 } },
      {
        ...common,
        name: 'srv',
        domain: 'srv.internal',
        vlan: 210,
        subnet: { network: '10.2.10.0', prefix: 24 },
      },
    ]);
  });

  it.each([
    ['{"srv": {"vlantag": 5000}}', /zones\.json:1:\d+: srv\.vlantag is not/],
    ['{"srv": {"vlantag": 1, "ip": "x"}}', /srv\.ip is no IPv4 subnet/],
    ['{"srv": {"vlantag": 1, "bridge": "a b"}}', /srv\.bridge is no bridge/],
    ['{"s v": {"vlantag": 1}}', /zones\.json:1:2: s v is no name/],
    ['{}', /no zone with a vlantag/],
    ['{', /zones\.json/],
  ])('refuse the zones %s', async (text, message) => {
    writeZones(text);

    await expect(load()).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringMatching(message),
    });
  });
});
