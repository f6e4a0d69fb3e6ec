import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from './load.ts';
import { ConfigurationError } from './problem.ts';
import { readSecret } from './secret.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'truename-configuration-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function load(lines: readonly string[]) {
  const server = [
    'type: opnsense',
    'url: https://10.2.10.1:8443',
    'key: env:FW_KEY',
    'secret: file:./secret',
    ...lines,
  ];
  writeFileSync(
    join(directory, 'truename.yaml'),
    `hypervisors: { pve: { type: proxmox, ssh: { nodes: '{node}.lab', entry: [pve1] } } }
dhcpServers:
  box:
${server.map((each) => `    ${each}`).join('\n')}
resolvers: { box: { type: dns, address: 10.2.10.1 } }
segments: { lab: { domain: lab.internal, dhcpServer: box, resolvers: [box] } }
`,
  );
  return loadConfiguration({ workingDirectory: directory, homeDirectory: directory });
}

async function problems(lines: readonly string[]): Promise<string> {
  const error = await load(lines).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigurationError)) throw new Error('it was accepted');
  return error.problems.map(({ message }) => message).join('\n');
}

describe('an OPNsense in truename.yaml', () => {
  it('is read with its defaults, and its secrets are references that show nothing', async () => {
    writeFileSync(join(directory, 'secret'), 'of the key\n');

    const [server] = (await load([])).dhcpServers;

    expect(server).toMatchObject({ id: 'box', backend: 'auto', addresses: [], trust: { kind: 'system' } });
    if (server?.type !== 'opnsense') throw new Error('it is another product');
    expect(await readSecret(server.secret)).toBe('of the key');
    expect(await readSecret(server.key, { FW_KEY: 'key' })).toBe('key');
    expect(inspect(server)).not.toContain('FW_KEY');
  });

  it('is read with all of its keys', async () => {
    const { dhcpServers } = await load([
      `fingerprint: ${'ab'.repeat(32)}`,
      'backend: kea',
      'addresses: [10.2.10.50-10.2.10.99]',
      'dnsPort: 53053',
    ]);

    expect(dhcpServers[0]).toMatchObject({
      backend: 'kea',
      addresses: [{ first: '10.2.10.50', last: '10.2.10.99' }],
      dnsPort: 53053,
      trust: { kind: 'fingerprint' },
    });
  });

  it.each([
    ['backend: isc', 'backend'],
    ['addresses: [10.2.10.0/24]', 'is no range'],
    [`fingerprint: ${'ab'.repeat(31)}`, 'is no SHA-256 fingerprint'],
    ['ca: ./nowhere.pem', 'dhcpServers.box.ca'],
    ['user: root', 'is no key'],
  ])('is refused with %s', async (line, message) => {
    expect(await problems([line])).toContain(message);
  });

  it('is trusted by one thing only', async () => {
    expect(await problems([`fingerprint: ${'ab'.repeat(32)}`, 'ca: ./ca.pem'])).toContain(
      'cannot stand beside ca',
    );
  });
});
