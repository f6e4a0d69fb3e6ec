import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuestSummary } from '../domain/guest.ts';
import { loadConfiguration } from './load.ts';
import { ConfigurationError } from './problem.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'truename-configuration-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const whole = `
hypervisors:
  cluster:
    type: proxmox
    endpoints: [https://pve1.lab:8006, https://pve2.lab:8006/]
    token: { id: truename@pve!audit, secret: file:./token }
    fingerprint: ${'ab'.repeat(32)}
  other:
    type: proxmox
    ssh: { nodes: '{node}.lab', entry: [pve9], port: 2222 }
dhcpServers:
  box:
    type: dnsmasq
    ssh: { host: 10.0.0.1, user: admin, identityFile: ~/.ssh/box }
    leaseFile: /tmp/leases
resolvers:
  box: { type: dns, address: 10.0.0.1 }
segments:
  Lab: { domain: Lab.Example, bridge: vmbr0, vlan: 20, subnet: 10.0.20.7/24, dhcpServer: box, resolvers: [box] }
guests:
  - match: { tag: nixos, name: 'web-*' }
    user: root
  - match: { pool: blue }
    user: ops
    identityFile: keys/ops
prove: [reverse]
stateDirectory: state
timeouts: { boot: 60 }
`;

function write(text: string, name = 'truename.yaml'): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function load(workingDirectory = directory, path?: string) {
  const home = join(directory, 'home');
  const options = { workingDirectory, homeDirectory: home };
  return loadConfiguration(path === undefined ? options : { ...options, path });
}

/** The problems of a file as `line:column message`. */
async function problems(text: string): Promise<string[]> {
  write(text);
  const error: unknown = await load().catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigurationError)) throw new Error('no configuration error', { cause: error });
  return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('loadConfiguration', () => {
  it('finds the file upwards and resolves everything in it', async () => {
    const path = write(whole);
    const below = join(directory, 'a', 'b');
    mkdirSync(below, { recursive: true });

    const configuration = await load(below);

    expect(configuration).toMatchObject({
      origin: { kind: 'file', path },
      hypervisors: [
        {
          id: 'cluster',
          access: {
            kind: 'rest',
            endpoints: ['https://pve1.lab:8006', 'https://pve2.lab:8006/'],
            tokenId: 'truename@pve!audit',
            trust: { kind: 'fingerprint', sha256: 'AB:'.repeat(32).slice(0, -1) },
          },
        },
        {
          id: 'other',
          access: { kind: 'ssh', nodes: '{node}.lab', entryNodes: ['pve9'], user: 'root', port: 2222 },
        },
      ],
      dhcpServers: [
        {
          id: 'box',
          ssh: { host: '10.0.0.1', user: 'admin', identityFile: join(directory, 'home/.ssh/box') },
          leaseFile: '/tmp/leases',
        },
      ],
      resolvers: [{ id: 'box', type: 'dns', address: '10.0.0.1', port: 53 }],
      segments: [
        {
          name: 'Lab',
          domain: 'lab.example',
          bridge: 'vmbr0',
          vlan: 20,
          subnet: { network: '10.0.20.0', prefix: 24 },
          dhcpServer: 'box',
          resolvers: ['box'],
        },
      ],
      prove: ['reverse'],
      stateDirectory: join(directory, 'state'),
      timeouts: { requestMs: 30_000, bootMs: 60_000, proofMs: 30_000 },
    });
    expect(inspect(configuration, { depth: 9 })).toContain('[secret]');
  });

  it('logs in by the first rule that matches, else as the user of TAPPaaS', async () => {
    write(whole);
    const { loginFor } = await load();
    const guest: GuestSummary = {
      ref: { hypervisor: 'cluster', node: 'pve1', vmid: 100 },
      kind: 'vm',
      power: 'running',
      template: false,
      tags: ['nixos'],
      pool: 'blue',
    };

    expect(loginFor({ ...guest, name: 'WEB-1' })).toEqual({ user: 'root' });
    expect(loginFor({ ...guest, name: 'db-1' })).toEqual({
      user: 'ops',
      identityFile: join(directory, 'keys/ops'),
    });
    expect(loginFor({ ...guest, pool: 'red' })).toEqual({ user: 'tappaas' });
  });

  it('reads the authority that the file names', async () => {
    write('no certificate', 'ca.pem');
    const text = whole.replace(/fingerprint: .*/, 'ca: ca.pem');

    expect(await problems(text)).toEqual([
      expect.stringMatching(/^7:9 hypervisors\.cluster\.ca: .*ca\.pem is no readable PEM certificate/),
    ]);
    expect(await problems(text.replace('ca.pem', 'gone.pem'))).toEqual([expect.stringContaining('(ENOENT)')]);
  });

  it('shows every error at once, with its place', async () => {
    const text = whole
      .replace('type: dnsmasq', 'type: dnsmask')
      .replace('dhcpServer: box', 'dhcpServer: bix')
      .replace('leaseFile', 'leasefile')
      .replace('  box: { type: dns, address: 10.0.0.1 }', '  box: { type: dns, adress: 10.0.0.1 }')
      .replace('prove: [reverse]', 'prove: [revers]')
      .replace('boot: 60', 'boot: soon');

    expect(await problems(text)).toEqual([
      '13:11 dhcpServers.box.type must be one of: dnsmasq, opnsense, kea.',
      '17:8 resolvers.box.address is missing (text).',
      '17:21 resolvers.box.adress is no key of this file. Did you mean “address”?',
      '19:90 segments.Lab.dhcpServer: there is no DHCP server “bix” in this file. Did you mean “box”?',
      '26:9 prove[0] must be one of: reverse.',
      '28:19 timeouts.boot must be a number.',
    ]);
  });

  it('tells the rules between the keys of a hypervisor, beside other errors', async () => {
    const both = whole.replace(
      '    fingerprint:',
      "    ssh: { nodes: '{node}', entry: [a] }\n    fingerprint:",
    );
    const neither = whole.replace('    endpoints:', '    url:');

    expect(await problems(both)).toEqual([
      '4:5 hypervisors.cluster needs either endpoints or ssh.',
      '7:10 hypervisors.cluster.ssh needs no token, ca or fingerprint.',
    ]);
    expect(await problems(neither)).toEqual([
      '4:5 hypervisors.cluster needs either endpoints or ssh.',
      '5:5 hypervisors.cluster.url is no key of this file.',
    ]);
  });

  it('needs segments that can be told apart', async () => {
    const lines = (first: string, second: string) =>
      `${whole.slice(0, whole.indexOf('segments:'))}segments:
  one: { ${first} domain: a, dhcpServer: box, resolvers: [box] }
  two: { ${second} domain: b, dhcpServer: box, resolvers: [box] }
`;

    expect(await problems(lines('bridge: lan, vlan: 5,', 'bridge: lan, vlan: 5,'))).toEqual([
      '20:8 segments.two has the bridge and VLAN of one.',
    ]);
    expect(await problems(lines('bridge: lan,', ''))).toEqual([
      '20:8 segments.two needs a bridge: only a sole segment may be on any bridge.',
    ]);
    expect(await problems(lines('bridge: lan, vlan: 0,', 'bridge: lan,'))).toEqual([
      expect.stringContaining('19:29 segments.one.vlan must be 1 or more'),
    ]);
  });

  it.each([
    ['a literal secret', 'secret: file:./token', 'secret: hunter2-hunter2'],
    ['a secret with a broken quote', 'secret: file:./token', 'secret: "hunter2-hunter2'],
    ['a secret as a flow', 'secret: file:./token', 'secret: [hunter2-hunter2, {]'],
    ['a secret as an alias', 'secret: file:./token', 'secret: *hunter2-hunter2'],
    ['a secret as a tag', 'secret: file:./token', 'secret: !hunter2-hunter2 x'],
    ['a secret after a tab', 'token: {', '\ttoken: hunter2-hunter2 {'],
  ])('refuses %s and does not show it', async (_what, from, to) => {
    write(whole.replace(from, to));

    const error: unknown = await load().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });

  it('explains why a secret has no place there', async () => {
    expect(await problems(whole.replace('secret: file:./token', 'secret: abc'))).toEqual([
      expect.stringMatching(/^6:46 hypervisors\.cluster\.token\.secret must be env:NAME or file:PATH/),
    ]);
  });

  it.each([
    ['aliases that unfold', `a: &a [1,1]\nb: &b [${'*a,'.repeat(9)}]\nc: [${'*b,'.repeat(99)}]`, /aliases/],
    ['deep nesting', '['.repeat(20_000), /nested too deeply/],
    ['a file above 1 MiB', `# ${'x'.repeat(1024 * 1024)}`, /larger than 1 MiB/],
    ['two documents', 'a: 1\n---\nb: 2', /second document/],
    ['a key twice', 'prove: []\nprove: []', /^2:1 .*twice/],
    ['no text at all', '', /^1:1 The file must be a group of keys/],
    ['a list', '- a', /^1:1 The file must be a group of keys/],
  ])('refuses %s', async (_what, text, expected) => {
    expect(await problems(text)).toEqual([expect.stringMatching(expected)]);
  });

  it.each([
    ['an option as host', 'host: 10.0.0.1', 'host: -oProxyCommand=x'],
    ['an option as user', 'user: admin', 'user: -l'],
    ['an option as node', '{node}.lab', '-{node}'],
    ['an endpoint without TLS', 'https://pve1.lab:8006', 'http://pve1.lab:8006'],
    ['an endpoint with a password', 'https://pve1.lab:8006', 'https://a:b@pve1.lab:8006'],
    ['an endpoint with a path', 'https://pve1.lab:8006', 'https://pve1.lab:8006/api2'],
    ['a token without its name', 'truename@pve!audit', 'truename@pve'],
    ['a fingerprint of another kind', 'ab'.repeat(32), 'ab'.repeat(20)],
    ['a relative lease file', '/tmp/leases', 'leases'],
    ['a domain with a blank', 'Lab.Example', 'lab example'],
    ['a name that is no name', '  Lab:', '  "La b":'],
    ['a subnet of IPv6', '10.0.20.7/24', 'fd00::/64'],
  ])('refuses %s', async (_what, from, to) => {
    expect(await problems(whole.replace(from, to))).toHaveLength(1);
  });

  it('does not take a file that cannot be read for none', async () => {
    mkdirSync(join(directory, 'truename.yaml'));

    await expect(load()).rejects.toMatchObject({ code: 'configuration-invalid' });
    await expect(load(directory, 'gone.yaml')).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('(ENOENT)'),
    });
  });
});
