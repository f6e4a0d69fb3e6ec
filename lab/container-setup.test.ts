import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainerMachine } from '../facades/proxmox/world.ts';
import { setUpContainer } from './container-setup.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'container-'));
  await mkdir(join(root, 'etc/network'), { recursive: true });
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1\tlocalhost\n');
});
afterEach(() => rm(root, { recursive: true }));

const machine: ContainerMachine = {
  kind: 'container',
  vmid: 700,
  name: 'web.example.org',
  hostname: 'web.example.org',
  nics: [
    { slot: 'net0', mac: 'BC:24:11:00:70:00', name: 'eth0', ip: 'dhcp' },
    { slot: 'net1', mac: 'BC:24:11:00:70:01', name: 'eth1', ip: '10.9.0.2/24', gateway: '10.9.0.1' },
    { slot: 'net2', mac: 'BC:24:11:00:70:02', name: 'eth2' },
  ],
};

describe('setUpContainer', () => {
  it('writes the first label as host name, and a stanza for each card that says something of IPv4', async () => {
    await setUpContainer(root, machine);

    expect(await readFile(join(root, 'etc/hostname'), 'utf8')).toBe('web\n');
    expect(await readFile(join(root, 'etc/network/interfaces'), 'utf8')).toBe(
      [
        'auto lo\niface lo inet loopback\n',
        'auto eth0\niface eth0 inet dhcp\n',
        'auto eth1\niface eth1 inet static\n\taddress 10.9.0.2/24\n\tgateway 10.9.0.1\n',
      ].join('\n'),
    );
  });

  it('replaces its section of the hosts file at the next start, and nothing else', async () => {
    await setUpContainer(root, machine);
    await setUpContainer(root, { ...machine, hostname: 'db', nics: [] });

    expect(await readFile(join(root, 'etc/hosts'), 'utf8')).toBe(
      '127.0.0.1\tlocalhost\n# --- BEGIN PVE ---\n127.0.1.1 db\n# --- END PVE ---\n',
    );
  });
});
