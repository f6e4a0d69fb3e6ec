import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addHostEntry } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import { nodeHost } from '../../lab/segments.ts';
import { asksAgain } from './doctor-scene.ts';
import { processesWith, traces } from './doctor-traces.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let rest = '';
let ssh = '';

const inside = (host: string, script: string) => runInside(stage.lab.paths, host, script);
const configure = (vmid: number, lines: Record<string, string>) =>
  stage.cluster.call('PUT', `/nodes/${nodeHost.name}/qemu/${vmid}/config`, lines);

const bridge = `mac=$(cat /sys/class/net/eth0/address)
nmcli connection add type bridge con-name br0 ifname br0 bridge.stp no ethernet.cloned-mac-address "$mac"
nmcli connection add type ethernet con-name port0 ifname eth0 master br0
nmcli connection modify ethernet connection.autoconnect no
nmcli connection up port0; nmcli -w 20 connection up br0; sleep 1`;

/** Without -r, which gives the lease back, as one does it for a renewal under the new name. */
const restartDhclient = `pid=$(pidof dhclient); again=$(tr '\\000' ' ' <"/proc/$pid/cmdline")
kill "$pid"; sleep 1; $again </dev/null >/dev/null 2>&1; sleep 1`;

beforeAll(async () => {
  stage = await openStage();
  const { cluster } = stage;
  const guests: [number, number, string][] = [
    [9010, 830, 'nan'],
    [9014, 831, 'otto'],
    [9012, 832, 'pia'],
    [9010, 833, 'rita'],
    [9014, 834, 'tom'],
    [9014, 835, 'uma'],
    [9014, 836, 'tom'],
    [9012, 837, 'vic'],
    [9011, 838, 'wes'],
    [9013, 839, 'xia'],
  ];
  for (const [template, vmid, name] of guests) await cluster.clone(template, vmid, name, 'lan');
  for (const vmid of [700, 701]) await cluster.power(vmid, 'start');
  for (const [, vmid] of guests) {
    await stage.firstLease(vmid, 'mgmt');
    await stage.booted(vmid);
  }
  await stage.firstLease(700, 'mgmt');
  await inside('832', 'systemctl stop dhcpcd; sleep 1; dhcpcd -4 eth0; sleep 2');
  await inside('833', bridge);
  await inside('838', 'networkctl reconfigure eth0; sleep 2');
  await inside('839', restartDhclient);
  await addHostEntry(stage.lab.firewalls.mgmt, '10.2.10.71 ct-static.mgmt.internal');
  await configure(835, { ostype: 'win11' });
  rest = await stage.folder('rest', {});
  ssh = await stage.folder('ssh', { access: 'ssh' });
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

describe('truename doctor, on guests that are well', () => {
  // NetworkManager 1.42 and 1.52, dhcpcd for one interface and for all, networkd and dhclient after a renewal.
  it('finds nothing wrong, under every client, with a bridge above the card too', async () => {
    const well = ['830', '831', '832', '833', '837', '838', '839'];

    const { exitCode, report } = await stage.doctor(rest, well);

    expect(report.machines.map(({ findings }) => findings)).toEqual(well.map(() => []));
    expect(report.machines.map(({ firstBroken }) => firstBroken)).toEqual(well.map(() => null));
    expect(exitCode).toBe(0);
    expect(report.machines.map(({ entry }) => entry.way)).toEqual(well.map(() => 'agent'));
    for (const { links, name } of report.machines) {
      const states = links.filter(({ link }) => ['dhcp-client', 'next-boot', 'lease'].includes(link));
      expect(
        states.map(({ state }) => state),
        name,
      ).toEqual(['right', 'right', 'right']);
    }
  });

  it('finds nothing wrong over ssh to the node either', async () => {
    const { exitCode, report } = await stage.doctor(ssh, ['nan', 'pia', 'wes']);

    expect(report.machines.map(({ outcome }) => outcome)).toEqual(['healthy', 'healthy', 'healthy']);
    expect(exitCode).toBe(0);
  });

  it('looks into containers by their node, and takes a fixed address for what it is', async () => {
    const { exitCode, report } = await stage.doctor(ssh, ['ct-debian12', 'ct-static']);

    const [leased, fixed] = report.machines;
    expect(exitCode, JSON.stringify(report, null, 1)).toBe(0);
    expect([leased?.entry.way, fixed?.entry.way]).toEqual(['container-shell', 'container-shell']);
    expect([leased?.addressing, fixed?.addressing]).toEqual(['dhcp', 'static']);
    expect(fixed?.links.find(({ link }) => link === 'lease')?.state).toBe('unused');
    expect(fixed?.links.find(({ link }) => link === 'forward')?.state).toBe('right');
  });

  it('does not look into Windows', async () => {
    const { exitCode, report } = await stage.doctor(rest, ['835']);

    const [machine] = report.machines;
    const states = machine?.links.filter(({ link }) => ['static', 'transient', 'dhcp-client'].includes(link));
    expect(states?.map(({ state }) => state)).toEqual(['unsupported', 'unsupported', 'unsupported']);
    expect(machine?.entry.tried).toEqual([]);
    expect([exitCode, machine?.findings, machine?.unseen]).toEqual([0, [], []]);
  });
});

describe('truename doctor, which guest is meant', () => {
  it('takes a name, a number, node and number, a MAC address and an address', async () => {
    const lease = await stage.lease(831, 'mgmt');
    const given = ['otto.mgmt.internal', `${nodeHost.name}/831`, await stage.cluster.mac(831)];

    for (const word of ['OTTO', '831', ...given, lease?.address ?? '']) {
      const { report } = await stage.doctor(rest, [word]);
      expect(
        report.machines.map(({ vmid }) => vmid),
        word,
      ).toEqual([831]);
    }
  });

  it.each([
    ['tom', 'guest-ambiguous', ['834', '836']],
    ['nobody', 'not-found', ['nobody']],
    ['10.2.10.254', 'not-found', ['10.2.10.254']],
    ['9014', 'vm-is-template', ['debian13-nm']],
  ])('says 2 for %s: %s', async (word, code, named) => {
    const { exitCode, report } = await stage.doctor(rest, [word]);

    expect([exitCode, report.error?.code]).toEqual([2, code]);
    for (const each of named) expect(JSON.stringify(report.error)).toContain(each);
  });
});

describe('truename doctor, where it may not look', () => {
  it('names the right that the token lacks', async () => {
    const folder = await stage.folder('audit', { token: 'audit' });

    const { exitCode, report } = await stage.doctor(folder, ['831']);

    const blind = report.machines[0]?.findings.find(({ rule }) => rule === 'agent-blind');
    expect(exitCode).toBe(1);
    expect(JSON.stringify(blind)).toContain('VM.GuestAgent.');
    expect(report.machines[0]?.unseen).toContain('static');
  });

  it('enters by ssh instead, where the user knows the host key', async () => {
    const folder = await stage.folder('audit', { token: 'audit' });
    const key = await inside('830', 'cut -d " " -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub');
    await appendFile(
      join(stage.lab.paths.root, 'controller/ssh/known_hosts'),
      `nan.mgmt.internal ${key.trim()}\n`,
    );

    const { exitCode, report } = await stage.doctor(folder, ['830']);

    const [machine] = report.machines;
    expect(machine?.entry.tried.map(({ way, outcome }) => [way, outcome])).toEqual([
      ['agent', 'failed'],
      ['ssh', 'used'],
    ]);
    expect(machine?.findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['agent-blind', 'notice'],
    ]);
    expect([exitCode, machine?.unseen]).toEqual([0, []]);
  });

  it('says where the option of the agent is off', async () => {
    await configure(839, { agent: '0' });

    const { exitCode, report } = await stage.doctor(rest, ['839']);

    const [blind] = report.machines[0]?.findings ?? [];
    expect([exitCode, blind?.rule]).toEqual([1, 'agent-blind']);
    expect(blind?.remedies.map(({ kind }) => kind)).toEqual(['enable-agent']);
  });

  it('says of a guest that is off that nobody could look', async () => {
    await stage.cluster.power(837, 'stop');

    const { exitCode, report } = await stage.doctor(rest, ['837']);

    const [machine] = report.machines;
    expect([exitCode, machine?.outcome, machine?.findings]).toEqual([3, 'could-not-look', []]);
    expect(machine?.unseen).toEqual(['static', 'transient', 'dhcp-client', 'next-boot']);
    expect(JSON.stringify(machine?.links)).toContain('guest-off');
  });
});

describe('truename doctor, on the wire', () => {
  it('shows the name that is really sent', async () => {
    const looking = stage.doctor(ssh, ['831', '--watch-wire', '8']);
    await inside('831', asksAgain);

    const { report } = await looking;

    const wire = report.machines[0]?.wire;
    const messages = wire?.seen === 'value' ? wire.value.messages : [];
    expect(messages.find(({ type }) => type === 'REQUEST')?.hostName, JSON.stringify(wire)).toBe('otto');
    expect(messages.some(({ type }) => type === 'ACK')).toBe(true);
  });
});

const startListening = `rm -f /tmp/dhcp; tcpdump -i lan -n -l port 67 or port 68 >/tmp/dhcp 2>/dev/null </dev/null &
echo $! >/tmp/dhcp.pid; sleep 1`;

describe('truename doctor', () => {
  it('leaves no file changed, no process behind, and no packet on the wire', async () => {
    const guests = ['830', '832', '838'];
    // A socket's path is short (unix(7)), so this is not below the lab's own folder.
    const temporary = await mkdtemp('/tmp/tn-');
    const seen = () => traces(stage.lab.paths, guests, ['home', 'ssh', 'rest']);
    // It ends by itself when nobody asks it anything, and must not be started either.
    for (const guest of guests) await inside(guest, 'systemctl stop systemd-hostnamed');
    await inside('node', startListening);
    const before = await seen();

    for (const [folder, ...words] of [
      [rest, ...guests],
      [ssh, ...guests],
      [ssh, '830', '--watch-wire', '2'],
    ] as const) {
      const { exitCode } = await stage.doctor(folder, words, { TMPDIR: temporary });
      expect(exitCode).toBe(0);
    }
    const heard = await inside('node', 'sleep 2; cat /tmp/dhcp');
    const after = await seen();

    expect(after.files).toEqual(before.files);
    expect(after.processes).toEqual(before.processes);
    expect([await readdir(temporary), await processesWith(temporary)]).toEqual([[], []]);
    expect(heard).toBe('');
    // The same ears do hear a packet.
    await inside('830', 'nmcli device modify eth0 ipv4.dhcp-timeout 47');
    expect(await inside('node', 'sleep 3; cat /tmp/dhcp; kill "$(cat /tmp/dhcp.pid)"')).toContain(
      'BOOTP/DHCP',
    );
    await rm(temporary, { recursive: true });
  });
});
