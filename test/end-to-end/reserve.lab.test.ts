import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { truenameProgram } from '../../demo/truename.ts';
import { freezeDhcp, hostsFolder } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import { askResolver } from '../../lab/observe.ts';
import { nodeHost } from '../../lab/segments.ts';
import type { ReservationsReport } from '../../src/cli/reservations-report.ts';
import { readRun } from '../../src/state/journal.ts';
import { openStage, type Stage } from './stage.ts';

/** networkd leases as its template, and goes on saying so at each renewal. */
const template = 'debian13-networkd';

let stage: Stage;
let folder: string;
let mac: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('reserve', {});
  await stage.clone(9011, 680, 'alpha', 'mgmt');
  await stage.booted(680);
  mac = await stage.cluster.mac(680);
  // Nobody can enter it any more, by whatever way.
  await runInside(stage.lab.paths, '680', 'systemctl stop ssh.socket ssh.service qemu-guest-agent.service');
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

interface Ran {
  readonly exitCode: number;
  readonly report: ReservationsReport;
  readonly stderr: string;
}

async function run(...args: readonly string[]): Promise<Ran> {
  const { exitCode, stdout, stderr } = await stage.truename(folder, [...args, '--json']);
  if (stdout === '') throw new Error(`it ended with ${exitCode}:\n${stderr}`);
  return { exitCode, stderr, report: JSON.parse(stdout) };
}

const firewall = () => stage.lab.firewalls.mgmt;
const leaseName = async () => (await stage.lease(680, 'mgmt'))?.name;
const inFolder = async (): Promise<Record<string, string>> => {
  const at = join(firewall().root, hostsFolder);
  const names = await readdir(at);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(at, name), 'utf8')])),
  );
};

/** The guest asks its server, with the name that it says of itself. */
async function renew(): Promise<void> {
  await runInside(stage.lab.paths, '680', 'networkctl renew eth0; sleep 1');
}

const listen = `rm -f /tmp/dhcp; tcpdump -i lan -n -e -l port 67 or port 68 >/tmp/dhcp 2>/dev/null </dev/null & echo $! >/tmp/dhcp.pid; sleep 1`;

describe('a guest that nobody can enter', () => {
  it('has its living lease and DNS renamed without a DHCP packet on the bridge', async () => {
    expect(await leaseName()).toBe(template);
    await runInside(stage.lab.paths, 'node', listen);

    const { exitCode, report } = await run('reserve', 'alpha');

    const heard = await runInside(stage.lab.paths, 'node', 'sleep 1; cat /tmp/dhcp');
    const lease = await stage.lease(680, 'mgmt');
    expect([exitCode, report.guests[0]?.outcome, lease?.name]).toEqual([0, 'reserved', 'alpha']);
    expect(heard).toBe('');
    expect(await askResolver(stage.lab.controller, '10.2.10.1', 'alpha.mgmt.internal', 'A')).toBe(
      lease?.address,
    );
    expect(report.servers).toMatchObject([{ id: 'mgmt', writes: 1, reach: 'guest' }]);
  });

  it('keeps its name when it asks with another, which is heard', async () => {
    await renew();

    const heard = await runInside(stage.lab.paths, 'node', 'kill "$(cat /tmp/dhcp.pid)"; cat /tmp/dhcp');
    expect(heard).toContain(mac);
    expect(await leaseName()).toBe('alpha');
  });

  it('is written once: there is nothing to do a second time', async () => {
    const before = await inFolder();

    const { exitCode, report } = await run('reserve', 'alpha');

    expect([exitCode, report.guests[0]?.outcome, report.run]).toEqual([0, 'unchanged', null]);
    expect(report.servers).toMatchObject([{ writes: 0 }]);
    expect(await inFolder()).toEqual(before);
  });

  it('is released to the byte, keeps its name until it asks, and says the template’s then, as was warned', async () => {
    const { exitCode, report } = await run('release', 'alpha');

    expect([exitCode, report.guests[0]?.outcome]).toEqual([0, 'released']);
    expect(report.guests[0]?.notes.join('\n')).toContain(
      `WARNING: before it was reserved its lease bore ${template}`,
    );
    expect(await inFolder()).toEqual({});
    expect(await leaseName()).toBe('alpha');
    await renew();
    expect(await leaseName()).toBe(template);
  });

  it('is forgotten by dnsmasq only when it is told to: a file that is merely removed stays in its memory', async () => {
    await run('reserve', 'alpha');
    await runInside(stage.lab.paths, 'fw-mgmt', `rm /${hostsFolder}/truename`);
    await renew();

    expect(await leaseName()).toBe('alpha');
    // Truename's way: written and released again, it is gone.
    expect((await run('reserve', 'alpha')).exitCode).toBe(0);
    expect((await run('release', 'alpha')).exitCode).toBe(0);
    await renew();
    expect(await leaseName()).toBe(template);
  });

  it('is put back by undo, and reserved again by undoing the release', async () => {
    const { report } = await run('reserve', 'alpha');
    const undone = await stage.truename(folder, ['undo', String(report.run)]);
    expect([undone.exitCode, await inFolder()]).toEqual([0, {}]);

    await run('reserve', 'alpha');
    const reserved = await inFolder();
    const released = await run('release', 'alpha');
    expect((await stage.truename(folder, ['undo', String(released.report.run)])).exitCode).toBe(0);
    expect(await inFolder()).toEqual(reserved);
    await run('release', 'alpha');
  });
});

/** What is done while the server is there and does not answer; its DNS is silent too, so that a name must be taken. */
async function whileFrozen<T>(act: () => Promise<T>): Promise<T> {
  await freezeDhcp(firewall(), true);
  try {
    return await act();
  } finally {
    await freezeDhcp(firewall(), false);
  }
}

describe('a server that does not do its work', () => {
  it('is not written to where nobody can see who has the name', async () => {
    await renew();

    const { exitCode, report } = await whileFrozen(() => run('reserve', 'alpha'));

    expect([exitCode, report.guests[0]?.outcome, report.servers]).toMatchObject([
      1,
      'refused',
      [{ writes: 0 }],
    ]);
    expect(await inFolder()).toEqual({});
  });

  it('has what was written taken back', async () => {
    const { exitCode, report } = await whileFrozen(() => run('reserve', 'alpha', '--take-name'));

    expect([exitCode, report.guests[0]?.error?.code]).toEqual([1, 'reservation-not-taken']);
    expect(await inFolder()).toEqual({});
  });

  it('has a run that was killed meanwhile finished by the next one', async () => {
    const program = [...truenameProgram, 'reserve', 'alpha', '--take-name', '--json'];
    await whileFrozen(async () => {
      const child = await stage.lab.controller.start(program, { cwd: folder });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await expect.poll(inFolder, { timeout: 20_000 }).toHaveProperty('truename');
      child.kill('SIGKILL');
      await ended;
    });
    const state = join(stage.lab.paths.root, 'controller/home/.local/state/truename');
    const [last] = (await readdir(join(state, 'journal'))).sort().reverse();
    const id = (last ?? '').replace('.jsonl', '');
    expect((await readRun(state, id))?.writes).toMatchObject([{ certain: false }]);

    const { exitCode, report, stderr } = await run('reserve', 'alpha');

    expect(stderr).toContain(`run ${id} ended before it had read back what it wrote`);
    expect([exitCode, report.guests[0]?.outcome, await leaseName()]).toEqual([0, 'unchanged', 'alpha']);
    expect((await readRun(state, id))?.writes).toMatchObject([{ certain: true }]);
    await run('release', 'alpha');
  });

  it('is told which line it lacks, and is not changed, where it watches no folder', async () => {
    const file = '/usr/local/etc/dnsmasq.conf';
    await runInside(stage.lab.paths, 'fw-mgmt', `cp ${file} /tmp/kept; sed -i /dhcp-hostsdir/d ${file}`);

    const { exitCode, report } = await run('reserve', 'alpha');

    await runInside(stage.lab.paths, 'fw-mgmt', `cp /tmp/kept ${file}`);
    expect([exitCode, report.guests[0]?.error?.code]).toEqual([1, 'unsupported']);
    expect(report.guests[0]?.error?.hint).toContain('dhcp-hostsdir=');
    expect(await inFolder()).toEqual({});
  });
});

describe('many', () => {
  const first = 700;
  const count = 50;
  const vmids = Array.from({ length: count }, (_, index) => first + 100 + index);

  beforeAll(async () => {
    for (const vmid of vmids) {
      const newid = { newid: String(vmid), name: `many${vmid}` };
      await stage.cluster.call('POST', `/nodes/${nodeHost.name}/qemu/9011/clone`, newid);
    }
    const busy = async (vmid: number) => {
      const config = await stage.cluster.call('GET', `/nodes/${nodeHost.name}/qemu/${vmid}/config`);
      return 'lock' in (config as object);
    };
    for (const vmid of vmids) while (await busy(vmid)) await delay(100);
  }, 200_000);

  it('needs --yes, and is one write', async () => {
    const words = vmids.map(String);
    expect((await run('reserve', ...words)).exitCode).toBe(2);

    const { exitCode, report } = await run('reserve', ...words, '--yes');

    expect([exitCode, new Set(report.guests.map(({ outcome }) => outcome))]).toEqual([
      0,
      new Set(['reserved']),
    ]);
    expect(report.servers).toMatchObject([{ writes: 1 }]);
    expect((await inFolder()).truename?.split('\n')).toHaveLength(count + 2);
    expect((await run('release', ...words, '--yes')).report.servers).toMatchObject([{ writes: 1 }]);
    expect(await inFolder()).toEqual({});
  });

  it('may be at work at once, and lose nothing of one another', async () => {
    const each = vmids.slice(0, 4).map(async (vmid, index) => {
      const args = ['reserve', String(vmid), '--state-dir', join(folder, `state${index}`)];
      return { vmid, ...(await run(...args)) };
    });

    const ended = await Promise.all(each);

    const won = ended.filter(({ exitCode }) => exitCode === 0);
    const lost = ended.filter(({ exitCode }) => exitCode !== 0);
    expect(won.length).toBeGreaterThan(0);
    for (const { report } of lost) expect(report.guests[0]?.error?.code).toBe('reservations-changed');
    const text = (await inFolder()).truename ?? '';
    expect(vmids.filter((vmid) => text.includes(`"many${vmid}"`))).toEqual(won.map(({ vmid }) => vmid));
    await run('release', ...won.map(({ vmid }) => String(vmid)));
  });
});

describe('what is given away', () => {
  it('is no name that somebody else reserved, and no MAC address: it is shown and left', async () => {
    await runInside(stage.lab.paths, 'fw-mgmt', `echo '${mac},theirs' >/${hostsFolder}/theirs`);

    const refused = await run('reserve', 'alpha');
    const adopted = await run('reserve', 'alpha', '--adopt');

    expect([refused.exitCode, refused.report.guests[0]?.error?.code]).toEqual([1, 'reservation-conflict']);
    expect(refused.report.guests[0]?.why).toContain(`/${hostsFolder}/theirs`);
    expect([adopted.exitCode, await leaseName()]).toEqual([0, 'alpha']);
    await run('release', 'alpha');
    expect(await inFolder()).toEqual({ theirs: `${mac},theirs\n` });
    await runInside(stage.lab.paths, 'fw-mgmt', `rm /${hostsFolder}/theirs`);
  });

  it('is no name of a server', async () => {
    await stage.cluster.call('PUT', `/nodes/${nodeHost.name}/qemu/680/config`, { name: 'firewall' });

    const { exitCode, report } = await run('reserve', '680');

    await stage.cluster.call('PUT', `/nodes/${nodeHost.name}/qemu/680/config`, { name: 'alpha' });
    expect([exitCode, report.guests[0]?.error?.code]).toEqual([1, 'name-refused']);
  });
});
