import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { grantedNames } from '../../bench/granted-names.ts';
import { runInside } from '../../lab/inside.ts';
import { snippetFolder } from '../../lab/node-host.ts';
import { nodeHost } from '../../lab/segments.ts';
import type { CloneReport } from '../../src/cli/clone-report.ts';
import { inventoryOf } from './clone-inventory.ts';
import { openStage, type Stage } from './stage.ts';

/** Its networkd leases under the template's name as long as nobody tells cloud-init another one before the network. */
const template = 9011;
let stage: Stage;
/** Folders of who reaches the cluster by ssh, and of who has its API alone. */
let bySsh: string;
let byApi: string;

beforeAll(async () => {
  stage = await openStage();
  bySsh = await stage.folder('seed-ssh', { access: 'ssh' });
  byApi = await stage.folder('seed-api', { token: 'maker' });
}, 300_000);

afterAll(() => stage?.lab.down());

async function clone(folder: string, ...words: readonly string[]): Promise<CloneReport> {
  const all = ['clone', '--from', String(template), '--no-reserve', ...words, '--json'];
  const { exitCode, stdout, stderr } = await stage.truename(folder, all);
  if (stdout === '') throw new Error(`it ended with ${exitCode}:\n${stderr}`);
  return JSON.parse(stdout) as CloneReport;
}

const configOf = async (vmid: number) =>
  (await stage.cluster.call('GET', `/nodes/${nodeHost.name}/qemu/${vmid}/config`)) as Record<string, string>;

const dump = 'tcpdump -i lan -n -U --immediate-mode -Z root -s 2048 -w /tmp/dhcp port 67 or port 68';
const listen = `rm -f /tmp/dhcp; ${dump} >/dev/null 2>&1 </dev/null & echo $! >/tmp/dhcp.pid; until [ -e /tmp/dhcp ]; do sleep 0.1; done`;

/** Names under which leases were granted since `listen`, by MAC address. */
async function granted(): Promise<Map<string, string[]>> {
  const stop =
    'sleep 1; kill "$(cat /tmp/dhcp.pid)"; while kill -0 "$(cat /tmp/dhcp.pid)" 2>/dev/null; do sleep 0.1; done';
  const text = await runInside(stage.lab.paths, 'node', `${stop}; base64 -w 0 /tmp/dhcp`);
  return grantedNames(Buffer.from(text.trim(), 'base64'));
}

describe('clones that no server takes reservations for', () => {
  it('are granted no lease under another name with meta-data of their own, and with none they are: both are said', async () => {
    const user = '#cloud-config\nuser: tappaas\n';
    await writeFile(join(snippetFolder(stage.lab.paths), 'local/snippets/user.yaml'), user);
    await stage.cluster.call('PUT', `/nodes/${nodeHost.name}/qemu/${template}/config`, {
      cicustom: 'user=local:snippets/user.yaml',
    });
    await runInside(stage.lab.paths, 'node', listen);

    const [told, untold] = await Promise.all([
      clone(bySsh, 'told', '--vmid', '610', '--start'),
      clone(byApi, 'untold', '--vmid', '620', '--start'),
    ]);

    const names = await granted();
    const namesOf = ({ clones }: CloneReport) => [...new Set(names.get(clones[0]?.nics[0]?.mac ?? ''))];
    expect([namesOf(told), namesOf(untold)]).toEqual([['told'], ['debian13-networkd']]);
    const { cicustom = '', smbios1 = '' } = await configOf(610);
    const uuid = /uuid=([0-9a-f-]+)/.exec(smbios1)?.[1];
    expect(cicustom.split(',').sort()).toEqual([
      `meta=local:snippets/truename-${uuid}.yaml`,
      'user=local:snippets/user.yaml',
    ]);
    expect(told.clones[0]).toMatchObject({ outcome: 'proven' });
    expect(told.clones[0]?.notes.join()).toContain(`local:snippets/truename-${uuid}.yaml`);
    expect(untold.clones[0]).toMatchObject({ outcome: 'not-proven' });
    expect(untold.clones[0]?.notes.join()).toContain('the guest itself alone: meta-data is written by ssh');
    expect((await configOf(620)).cicustom).toBe('user=local:snippets/user.yaml');
  });

  it('keep their host keys and names when the VM is changed: its instance stays the same', async () => {
    const keys = () => stage.inGuest(610, 'cat /etc/ssh/ssh_host_*_key.pub /var/lib/cloud/data/instance-id');
    const before = await keys();
    await stage.cluster.call('PUT', `/nodes/${nodeHost.name}/qemu/610/config`, {
      searchdomain: 'x.internal',
    });

    await stage.cluster.power(610, 'reboot');
    await stage.booted(610);

    expect(before).toContain('ssh-ed25519');
    expect(await keys()).toBe(before);
    expect((await stage.firstLease(610, 'mgmt')).name).toBe('told');
  });

  it('are taken away with their meta-data, and with nothing of somebody else’s', async () => {
    const { exitCode } = await stage.truename(bySsh, ['remove', 'told', '--stop', '--yes']);

    const { guests, snippets } = await inventoryOf(stage);
    expect([exitCode, snippets, guests.map((line) => line.split(' ')[1])]).toEqual([
      0,
      ['user.yaml'],
      ['untold'],
    ]);
  });

  it('say in a dry run what would be written', async () => {
    const before = await inventoryOf(stage);
    const { clones } = await clone(bySsh, 'later', '--dry-run');
    expect(clones[0]?.notes.join()).toMatch(/would be written to local:snippets\/truename-/);
    expect(await inventoryOf(stage)).toEqual(before);
  });
});

describe('a copy of a clone that has meta-data', () => {
  it('is not called as that clone', async () => {
    await clone(bySsh, 'first', '--vmid', '630');
    const { stdout } = await stage.truename(bySsh, [
      ...['clone', 'second', '--from', '630', '--vmid', '631', '--full', '--json'],
    ]);
    expect((JSON.parse(stdout) as CloneReport).clones[0]?.outcome).toBe('made');
    const [first, second] = await Promise.all([configOf(630), configOf(631)]);
    expect(first.cicustom).toContain('meta=');
    expect(second.cicustom).toBe('user=local:snippets/user.yaml');
    const file = /truename-[^,]+/.exec(first.cicustom ?? '')?.[0] ?? '';
    const text = await readFile(join(snippetFolder(stage.lab.paths), 'local/snippets', file), 'utf8');
    expect(parse(text)).toMatchObject({ 'local-hostname': 'first' });
  });
});
