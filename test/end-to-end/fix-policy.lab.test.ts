import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { truename } from '../../demo/truename.ts';
import { runInside } from '../../lab/inside.ts';
import { nodeHost } from '../../lab/segments.ts';
import type { UndoReport } from '../../src/cli/undo-report.ts';
import { processesWith, traces } from './doctor-traces.ts';
import { fixedGuest, runFix } from './fix-stage.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let rest = '';
let ssh = '';

const guests: [template: number, vmid: number, name: string, further?: Readonly<Record<string, string>>][] = [
  [9014, 880, 'quin'],
  [9011, 881, 'rosa'],
  [9012, 882, 'sven'],
  [9014, 883, 'tina', { tags: 'truename-ignore' }],
  [9014, 884, 'uwe'],
  [9014, 885, 'vera', { net1: 'virtio,bridge=lan' }],
  [9011, 886, 'wim', { net1: 'virtio,bridge=lan' }],
  [9013, 887, 'xeno'],
];

const inside = (vmid: number | string, script: string) => runInside(stage.lab.paths, String(vmid), script);
const configure = (vmid: number, changes: Record<string, string>) =>
  stage.cluster.call('PUT', `/nodes/${nodeHost.name}/qemu/${vmid}/config`, changes);
const profile = 'uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)';
const spoil = `${profile}; nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm; nmcli device reapply eth0; sleep 1`;

beforeAll(async () => {
  stage = await openStage();
  const { cluster } = stage;
  for (const [template, vmid, name, further] of guests)
    await cluster.clone(template, vmid, name, 'lan', further);
  await cluster.power(702, 'start');
  for (const [, vmid] of guests) await stage.booted(vmid);
  // A file for each card: what is written beside the template's one would hold for both.
  await inside(
    886,
    `sed 's/^Type=.*/Name=eth1/; s/^Name=.*/Name=eth1/' /etc/systemd/network/10-ethernet.network >/etc/systemd/network/05-second.network
     networkctl reload; sleep 2`,
  );
  await stage.firstLease(702, 'mgmt');
  rest = await stage.folder('rest', {});
  ssh = await stage.folder('ssh', { access: 'ssh' });
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

describe('a guest whose name is right and lasts', () => {
  it('gets no packet, no write and no restart, under any client', async () => {
    // networkd asked before cloud-init had read its name; afterwards nothing is left to do there either.
    expect((await runFix(stage, rest, ['881'])).exitCode).toBe(0);
    const look = () => traces(stage.lab.paths, ['880', '881', '882'], ['rest', 'home']);
    for (const vmid of [880, 881, 882]) await inside(vmid, 'systemctl stop systemd-hostnamed');
    await inside(
      'node',
      'rm -f /tmp/dhcp; tcpdump -i lan -n -l port 67 or port 68 >/tmp/dhcp 2>/dev/null </dev/null & echo $! >/tmp/dhcp.pid; sleep 1',
    );
    const before = await look();

    const { exitCode, report } = await runFix(stage, rest, ['880', '881', '882']);
    const heard = await inside('node', 'sleep 2; cat /tmp/dhcp');
    const after = await look();
    await inside('node', 'kill "$(cat /tmp/dhcp.pid)"');

    expect(report.counts).toEqual({ right: 3 });
    expect(exitCode).toBe(0);
    expect(heard).toBe('');
    expect(after.files).toEqual(before.files);
    expect(after.processes).toEqual(before.processes);
  });
});

describe('who is spared', () => {
  it('leaves what bears the tag alone, unless it is named itself', async () => {
    await inside(883, spoil);

    const all = await runFix(stage, rest, ['--tag', 'truename-ignore']);
    const named = await runFix(stage, rest, ['883']);

    expect([fixedGuest(all.report, 883).outcome, fixedGuest(all.report, 883).reason]).toEqual([
      'left',
      'spared',
    ]);
    // Nobody meant it in particular, so that nothing is left to be done.
    expect(all.exitCode).toBe(0);
    expect([named.exitCode, fixedGuest(named.report, 883).outcome]).toEqual([0, 'mended']);
  });

  it('leaves a name that somebody set on purpose, and gives it the VM’s where that is wanted', async () => {
    await inside(
      884,
      'hostnamectl set-hostname intranet; sleep 1; nmcli device modify eth0 ipv4.dhcp-timeout 61; sleep 1',
    );

    const left = await runFix(stage, rest, ['884']);
    const lease = await stage.lease(884, 'mgmt');
    const adopted = await runFix(stage, rest, ['884', '--adopt', 'hypervisor']);

    expect([left.exitCode, fixedGuest(left.report, 884).reason]).toEqual([3, 'set-on-purpose']);
    expect(lease?.name).toBe('intranet');
    expect([adopted.exitCode, fixedGuest(adopted.report, 884).outcome]).toEqual([0, 'mended']);
    expect((await stage.lease(884, 'mgmt'))?.name).toBe('uwe');
  });

  it('gives the VM the name of the guest where that is wanted', async () => {
    await inside(
      884,
      'hostnamectl set-hostname intranet; sleep 1; nmcli device modify eth0 ipv4.dhcp-timeout 62; sleep 1',
    );

    const { exitCode, report } = await runFix(stage, ssh, ['884', '--adopt', 'guest']);

    const configuration = (await stage.cluster.call('GET', `/nodes/${nodeHost.name}/qemu/884/config`)) as {
      name: string;
    };
    expect([configuration.name, (await stage.lease(884, 'mgmt'))?.name]).toEqual(['intranet', 'intranet']);
    expect([exitCode, fixedGuest(report, 884).outcome], JSON.stringify(report, null, 1)).toEqual([
      0,
      'right',
    ]);
    await configure(884, { name: 'uwe' });
  });

  it('does not mend ISC dhclient, and says what a person can do', async () => {
    const { exitCode, report } = await runFix(stage, rest, ['887']);

    const guest = fixedGuest(report, 887);
    expect([exitCode, guest.outcome, guest.reason]).toEqual([3, 'left', 'unsupported']);
    expect(guest.advice.length).toBeGreaterThan(0);
  });
});

describe('two NICs in one domain', () => {
  it.each([
    [885, 'vera', 'silence-profile'],
    [886, 'wim', 'silence-link'],
  ])('one carries the name, the other is made to send none: %i', async (vmid, name, kind) => {
    const { exitCode, report } = await runFix(stage, rest, [String(vmid)]);
    const again = await runFix(stage, rest, [String(vmid)]);

    const guest = fixedGuest(report, vmid);
    expect(
      guest.taken.map(({ remedy }) => remedy.kind),
      JSON.stringify(guest, null, 1),
    ).toContain(kind);
    expect([exitCode, guest.outcome], JSON.stringify(guest.error)).toEqual([0, 'mended']);
    expect(again.report.counts).toEqual({ right: 1 });
    expect((await stage.lease(vmid, 'mgmt'))?.name).toBe(name);
  });
});

describe('a container', () => {
  it('is mended through its node', async () => {
    await inside(
      702,
      'hostnamectl set-hostname debian13-networkd; sleep 1; networkctl reconfigure eth0; sleep 4',
    );
    expect((await stage.lease(702, 'mgmt'))?.name).toBe('debian13-networkd');

    const { exitCode, report } = await runFix(stage, ssh, ['ct-networkd']);

    const guest = fixedGuest(report, 702);
    expect([exitCode, guest.kind, guest.outcome], JSON.stringify(guest, null, 1)).toEqual([
      0,
      'container',
      'mended',
    ]);
    expect((await stage.lease(702, 'mgmt'))?.name).toBe('ct-networkd');
  });
});

describe('truename undo', () => {
  it('puts back what a run wrote, once, and asks no DHCP server', async () => {
    await inside(880, spoil);
    const before = await inside(880, `${profile}; nmcli -g ipv4.dhcp-hostname connection show "$uuid"`);
    const fixed = await runFix(stage, rest, ['880']);
    const lease = await stage.lease(880, 'mgmt');

    const run = async (...args: string[]) => {
      const words = ['undo', fixed.report.run ?? '', '--json', ...args];
      const ran = await truename(stage.lab.controller, words, { cwd: rest });
      return { exitCode: ran.exitCode, report: JSON.parse(ran.stdout) as UndoReport };
    };
    const planned = await run('--dry-run');
    const undone = await run();
    const twice = await run();

    const results = ({ report }: { report: UndoReport }) =>
      report.guests.flatMap(({ writes }) => writes.map(({ result }) => result));
    expect([before.trim(), lease?.name]).toEqual(['debian13-nm', 'quin']);
    expect(results(planned)).toEqual(['would-restore']);
    expect([undone.exitCode, results(undone)]).toEqual([0, ['restored']]);
    expect(await inside(880, `${profile}; nmcli -g ipv4.dhcp-hostname connection show "$uuid"`)).toBe(before);
    expect((await stage.lease(880, 'mgmt'))?.name).toBe('quin');
    expect(results(twice)).toEqual(['before']);
  });

  it('leaves what somebody changed since', async () => {
    await inside(880, spoil);
    const fixed = await runFix(stage, rest, ['880']);
    await inside(880, `${profile}; nmcli connection modify "$uuid" ipv4.dhcp-hostname somebody`);

    const { exitCode, stdout } = await truename(
      stage.lab.controller,
      ['undo', fixed.report.run ?? '', '--json'],
      { cwd: rest },
    );

    const report = JSON.parse(stdout) as UndoReport;
    expect([exitCode, report.guests[0]?.writes[0]?.result]).toEqual([3, 'changed']);
  });

  it('lists the runs that wrote something, and says 2 for one that there is not', async () => {
    const list = await truename(stage.lab.controller, ['undo', '--list'], { cwd: rest });
    const none = await truename(stage.lab.controller, ['undo', '20200101-000000-0000'], { cwd: rest });

    expect(list.stdout.split('\n').length).toBeGreaterThan(3);
    expect([none.exitCode, none.stdout]).toEqual([2, expect.stringContaining('nothing-to-undo')]);
  });
});

describe('what a run leaves behind', () => {
  it('is its journal and the names that it wrote: no lock, no temporary file, no process', async () => {
    const state = join(stage.lab.paths.root, 'controller/home/.local/state/truename');
    // A socket's path is short (unix(7)), so this is not below the lab's own folder.
    const temporary = await mkdtemp('/tmp/tn-');
    await inside(880, spoil);

    const { exitCode } = await runFix(stage, ssh, ['880', '--adopt', 'hypervisor'], { TMPDIR: temporary });

    const kept = (await readdir(state, { recursive: true })).filter((each) => /^locks\/./.test(each));
    expect([exitCode, kept]).toEqual([0, []]);
    expect([await readdir(temporary), await processesWith(temporary)]).toEqual([[], []]);
    await rm(temporary, { recursive: true });
  });
});
