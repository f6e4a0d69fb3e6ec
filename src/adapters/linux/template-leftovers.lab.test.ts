import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Mac } from '../../domain/mac.ts';
import type { Shell } from '../../domain/ports.ts';
import type { TemplateLeftovers } from '../../domain/template-leftovers.ts';
import { gather } from '../../observe/gather.ts';
import { templateLeftoversProbe } from './template-leftovers.ts';

const { signal } = new AbortController();
const clean: TemplateLeftovers = {
  machineId: '',
  hostKeys: [],
  leases: [],
  namingProfiles: [],
  boundProfiles: [],
  duids: [],
  staticName: '',
};
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'truename-tree-'));
  await put('etc/machine-id', '');
  await put('etc/hostname', '');
  await put('etc/ssh/ssh_host_ed25519_key.pub', 'ssh-ed25519 AAAA');
  await put('etc/NetworkManager/system-connections/plain.nmconnection', '[ipv4]\nmethod=auto\n');
  await put('var/lib/dhcp/dhclient.leases', '');
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

/** The tree as if its machine ran. */
async function look(): Promise<TemplateLeftovers> {
  const shell: Shell = {
    via: 'sh',
    async run(script, { args = [] }) {
      const env = { ...process.env, TRUENAME_ROOT: root };
      const stdout = execFileSync('/bin/sh', ['-s', '--', ...args], { input: script, env, encoding: 'utf8' });
      return { exitCode: 0, stdout, stderr: '' };
    },
  };
  return (await gather(shell, { left: templateLeftoversProbe }, '02:00:00:00:00:01' as Mac, signal)).left;
}

it('finds nothing on a clean tree', async () => {
  expect(await look()).toEqual(clean);
});

it.each<[keyof TemplateLeftovers, string, string, unknown]>([
  ['machineId', 'etc/machine-id', '0123456789abcdef0123456789abcdef\n', '0123456789abcdef0123456789abcdef'],
  ['hostKeys', 'etc/ssh/ssh_host_ed25519_key', 'key', ['/etc/ssh/ssh_host_ed25519_key']],
  ['leases', 'var/lib/dhcp/dhclient.leases', 'lease {}', ['/var/lib/dhcp/dhclient.leases']],
  ['leases', 'var/lib/dhcpcd/eth0.lease', 'x', ['/var/lib/dhcpcd/eth0.lease']],
  [
    'leases',
    'var/lib/NetworkManager/internal-1-eth0.lease',
    'x',
    ['/var/lib/NetworkManager/internal-1-eth0.lease'],
  ],
  [
    'namingProfiles',
    'etc/NetworkManager/system-connections/a b.nmconnection',
    '[ipv4]\ndhcp-hostname=tappaas-nixos\n',
    ['/etc/NetworkManager/system-connections/a b.nmconnection'],
  ],
  [
    'boundProfiles',
    'etc/NetworkManager/system-connections/eth.nmconnection',
    '[ethernet]\nmac-address=BC:24:11:00:00:01\n',
    ['/etc/NetworkManager/system-connections/eth.nmconnection'],
  ],
  ['duids', 'var/lib/dhcpcd/duid', '00:01', ['/var/lib/dhcpcd/duid']],
  ['duids', 'etc/systemd/networkd.conf', '[DHCPv4]\nDUIDRawData=00:00\n', ['/etc/systemd/networkd.conf']],
  ['staticName', 'etc/hostname', 'tappaas-nixos\n', 'tappaas-nixos'],
])(
  'finds %s, and nothing else, where %s holds it, and nothing when it is cured',
  async (key, path, text, found) => {
    await put(path, text);
    expect(await look()).toEqual({ ...clean, [key]: found });

    await put(path, '');
    expect(await look()).toEqual(clean);
  },
);

it('takes "uninitialized" for no machine-id', async () => {
  await put('etc/machine-id', 'uninitialized\n');
  expect(await look()).toEqual(clean);
});
