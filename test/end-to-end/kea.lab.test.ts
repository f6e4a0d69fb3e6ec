import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configure } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import {
  askKea,
  freezeKea,
  type KeaHost,
  keaFile,
  keaLogin,
  keaPort,
  startKea,
  stopKea,
} from '../../lab/kea.ts';
import { namespaceOf } from '../../lab/network.ts';
import { labSegments, nodeNamespace } from '../../lab/segments.ts';
import { prepareKeaTree } from '../../lab/tree/kea-tree.ts';
import type { ReservationsReport } from '../../src/cli/reservations-report.ts';
import { openStage, type Stage } from './stage.ts';

/** networkd leases as its template, and goes on saying so at each renewal. */
const template = 'debian13-networkd';

const address = '10.2.10.2';

let stage: Stage;
let kea: KeaHost;
let folder: string;
let mac: string;

beforeAll(async () => {
  const tree = await prepareKeaTree('2.6', () => undefined);
  stage = await openStage();
  const { paths, firewalls } = stage.lab;
  // Its dnsmasq answers DNS and hands out nothing from here on.
  await configure(firewalls.mgmt, 'no-dhcp', ['no-dhcp-interface=eth0']);
  const [mgmt] = labSegments;
  if (mgmt === undefined) throw new Error('there is no segment');
  const at = namespaceOf(paths.id, nodeNamespace);
  kea = await startKea(paths, tree, { ...mgmt, name: 'kea', at, address });
  const key = await readFile(join(kea.root, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
  const known = join(paths.root, 'controller/ssh/known_hosts');
  await appendFile(known, `${address} ${key.split(' ').slice(0, 2).join(' ')}\n`);
  folder = await folderWith('kea', `{ type: kea, ssh: { host: ${address} } }`);
  await stage.cluster.clone(9011, 680, 'alpha', mgmt.bridge);
  mac = await stage.cluster.mac(680);
  await stage.booted(680);
  await vi.waitFor(async () => expect(await leaseName()).toBe(template), { timeout: 60_000, interval: 100 });
}, 300_000);

afterAll(() => stage?.lab.down());

/** A working folder whose segment `mgmt` has this DHCP server. */
async function folderWith(name: string, server: string): Promise<string> {
  const made = await stage.folder(name, {});
  const file = join(made, 'truename.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^ {2}mgmt: \{ type: dnsmasq.*$/m, `  mgmt: ${server}`));
  return made;
}

async function leaseName(): Promise<unknown> {
  const asked = { command: 'lease4-get-by-hw-address', arguments: { 'hw-address': mac } };
  const { leases = [] } = ((await askKea(kea, asked)).arguments ?? {}) as { leases?: { hostname: string }[] };
  return leases[0]?.hostname;
}

const fileText = () => readFile(join(kea.root, keaFile), 'utf8');

async function run(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await stage.truename(folder, [...args, '--json']);
  if (stdout === '') throw new Error(`it ended with ${exitCode}:\n${stderr}`);
  return { exitCode, stderr, report: JSON.parse(stdout) as ReservationsReport };
}

const listen = `rm -f /tmp/dhcp; tcpdump -i lan -n -e -l port 67 or port 68 >/tmp/dhcp 2>/dev/null </dev/null & echo $! >/tmp/dhcp.pid; sleep 1`;

it('is told by doctor that a lease at Kea bears the name of a template', async () => {
  const { report } = await stage.doctor(folder, ['alpha']);

  const rules = report.machines[0]?.findings.map(({ rule }) => rule);
  expect(rules).toContain('lease-name-is-template');
});

describe('a guest that nobody can enter, at a Kea', () => {
  beforeAll(async () => {
    const stop = 'systemctl stop ssh.socket ssh.service qemu-guest-agent.service';
    await runInside(stage.lab.paths, '680', stop);
  });

  it('has its living lease renamed without a DHCP packet on the bridge', async () => {
    const before = await fileText();
    await runInside(stage.lab.paths, 'node', listen);

    const { exitCode, report } = await run('reserve', 'alpha');

    const heard = await runInside(stage.lab.paths, 'node', 'sleep 1; cat /tmp/dhcp');
    expect(report.guests[0]).toMatchObject({ outcome: 'reserved' });
    expect([exitCode, await leaseName(), heard]).toEqual([0, 'alpha', '']);
    expect(report.servers).toMatchObject([{ id: 'mgmt', writes: 1, reach: 'site' }]);
    expect(JSON.parse(await fileText())).not.toEqual(JSON.parse(before));

    const again = await run('reserve', 'alpha');
    expect(again.report.guests[0]).toMatchObject({ outcome: 'unchanged' });

    await runInside(stage.lab.paths, '680', 'networkctl renew eth0; sleep 1');
    expect(await leaseName()).toBe('alpha');
    const later = await runInside(stage.lab.paths, 'node', 'kill "$(cat /tmp/dhcp.pid)"; cat /tmp/dhcp');
    expect(later).toContain(mac);

    const released = await run('release', 'alpha');
    expect([released.exitCode, released.report.guests[0]?.outcome]).toEqual([0, 'released']);
    expect(await fileText()).toBe(before);
  });

  it('is shown with its lease', async () => {
    const { exitCode, stdout } = await stage.truename(folder, ['leases', '--mac', mac, '--json']);

    expect([exitCode, stdout.includes(mac)]).toEqual([0, true]);
  });

  it('is seen over HTTP too, by who knows the password', async () => {
    const url = `url: "http://${address}:${keaPort}", user: ${keaLogin.user}, password: "env:KEA"`;
    const over = await folderWith('http', `{ type: kea, ${url} }`);
    const ask = (password: string) =>
      stage.truename(over, ['leases', '--server', 'mgmt', '--json'], undefined, { KEA: password });

    const right = await ask(keaLogin.password);
    const wrong = await ask('another-word');

    expect([right.exitCode, right.stdout.includes(mac)]).toEqual([0, true]);
    expect(wrong.exitCode).not.toBe(0);
    expect(wrong.stdout + wrong.stderr).toContain('authentication-refused');
    expect(wrong.stdout + wrong.stderr).not.toContain('another-word');
  });
});

describe('a Kea that does not do its work', () => {
  it('is not written to where somebody edited its file', async () => {
    const path = join(kea.root, keaFile);
    const before = await fileText();
    await writeFile(path, before.replace('"valid-lifetime": 3600', '"valid-lifetime": 3601'));

    const { exitCode, report } = await run('reserve', 'alpha');

    await writeFile(path, before);
    expect([exitCode, report.guests[0]?.error?.code]).toEqual([1, 'unsupported']);
  });

  it('is not alive while its DHCP service is disabled, though it answers', async () => {
    await askKea(kea, { command: 'dhcp-disable' });

    const { report } = await run('reserve', 'alpha', '--take-name');

    await askKea(kea, { command: 'dhcp-enable' });
    expect(report.guests[0]?.error?.code).toBe('reservation-not-taken');
  });

  it('is said to be silent where it is frozen, and away where it is gone', async () => {
    await freezeKea(kea, true);
    const frozen = await run('reserve', 'alpha');
    await freezeKea(kea, false);
    await stopKea(kea);
    const gone = await run('reserve', 'alpha');

    expect(frozen.report.guests[0]?.error?.code).toBe('timeout');
    expect(gone.report.guests[0]?.error?.code).toBe('unreachable');
  });
});
