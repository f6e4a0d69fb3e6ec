import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import { setLies } from '../../lab/lies.ts';
import { nodeHost } from '../../lab/segments.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let mac = '';
/** A folder at the controller whose `ssh` writes down each argument before it becomes the real one. */
let recorder = '';

/** What it would do to a shell, a terminal and a reader, as far as each field can hold it. */
const shell = '$(touch /tmp/owned);`touch /tmp/owned`';
const hostile = `\u001b[2J\u202e${shell}\n✓ lease alpha\r`;
const quoted = `'${hostile.replaceAll("'", "'\\''")}'`;

const inside = (host: string, script: string) => runInside(stage.lab.paths, host, script);

const guest = `text=${quoted}
uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli connection modify "$uuid" connection.id "$text" ipv4.dhcp-hostname evil
ip link add 'a;$(id)*' address "$(cat /sys/class/net/eth0/address)" type bridge
printf '%s' "$text" >/etc/hostname
printf 'ID=debian\\nPRETTY_NAME="%s\\377\\376"\\n' "$text" >/etc/os-release
printf '%s\\n' "$text" >/etc/motd
printf '%s\\n' "$text" >/etc/banner
echo 'Banner /etc/banner' >/etc/ssh/sshd_config.d/banner.conf
printf 'hostname: "%s"\\n' "$text" >>/var/lib/cloud/instance/cloud-config.txt
echo "$text" >/etc/ssh/ssh_host_evil_key.pub
for unit in ssh sshd; do systemctl restart "$unit" 2>/dev/null || true; done`;

beforeAll(async () => {
  stage = await openStage();
  await stage.cluster.clone(9014, 840, 'evil', 'lan');
  await stage.cluster.clone(9014, 841, 'mute', 'lan');
  await stage.cluster.clone(9014, 842, 'shut', 'lan', { agent: '0' });
  mac = await stage.cluster.mac(840);
  for (const vmid of [840, 841, 842]) await stage.firstLease(vmid, 'mgmt');
  for (const vmid of [840, 841]) await stage.booted(vmid);
  await inside('840', guest);
  await inside('841', 'kill -STOP "$(systemctl show -p MainPID --value qemu-guest-agent)"');
  await stage.cluster.call('PUT', `/nodes/${nodeHost.name}/qemu/840/config`, {
    description: hostile,
    cicustom: 'user=local:snippets/evil.yaml',
  });
  await inside(
    'node',
    `printf '#cloud-config\\nhostname: %s\\npassword: hunter2\\n' '${JSON.stringify(hostile).replaceAll("'", "'\\''")}' >"$(pvesm path local:snippets/evil.yaml)"`,
  );
  const lease = await stage.lease(840, 'mgmt');
  const end = Math.floor(Date.now() / 1000) + 86_000;
  const name = `\u001b[2J\u202e${shell.replaceAll(' ', '_')}`;
  await inside(
    'fw-mgmt',
    `printf '%s\\n' '${end} ${mac} ${lease?.address ?? ''} ${name} 01:${mac}' >/var/db/hostile.leases`,
  );
  await setLies(stage.lab.paths, {
    840: {
      'guest-network-get-interfaces': [
        {
          name: hostile,
          'hardware-address': mac,
          'ip-addresses': [{ 'ip-address-type': 'ipv4', 'ip-address': hostile, prefix: 24 }],
        },
      ],
    },
  });
  recorder = await stage.folder('recorder');
  await mkdir(join(recorder, 'bin'), { recursive: true });
  const wrapper = join(recorder, 'bin/ssh');
  await writeFile(
    wrapper,
    `#!/bin/sh\nprintf '%s\\n' "$@" >>${join(recorder, 'arguments')}\nexec /usr/bin/ssh "$@"\n`,
  );
  await chmod(wrapper, 0o755);
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

/** Runs the command line with the recorder's ssh. */
async function recorded(folder: string, args: readonly string[]) {
  return stage.truename(folder, args, undefined, { PATH: `${join(recorder, 'bin')}:${process.env.PATH}` });
}

describe.each(['rest', 'ssh'] as const)('a guest that is hostile in every field, by %s', (access) => {
  it('reaches no argument, no shell and no terminal', async () => {
    const folder = await stage.folder(`hostile-${access}`, {
      access,
      leaseFile: { mgmt: '/var/db/hostile.leases' },
    });

    const picture = await recorded(folder, ['doctor', 'evil']);
    const json = await recorded(folder, ['doctor', 'evil', '--json']);
    const bundle = await recorded(folder, ['bundle', 'evil']);
    const again = await stage.truename(folder, ['doctor', '--bundle', '-'], bundle.stdout);

    expect([picture.exitCode, json.exitCode, bundle.exitCode, again.exitCode]).toEqual([1, 1, 0, 1]);
    for (const text of [picture.stdout, picture.stderr, again.stdout, bundle.stderr]) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      expect(text).not.toMatch(/^\s*✓ lease alpha/m);
    }
    expect(json.stdout).toContain(JSON.stringify(shell).slice(1, -1));
    for (const text of [json.stdout, bundle.stdout]) expect(text).not.toContain('hunter2');
    expect(await readFile(join(recorder, 'arguments'), 'utf8')).not.toContain('owned');
    for (const host of ['840', 'node', 'fw-mgmt']) {
      expect(await inside(host, '[ -e /tmp/owned ] && echo owned || echo clean')).toContain('clean');
    }
    const own = await stage.lab.controller.run(['sh', '-c', '[ -e /tmp/owned ] && echo owned || echo clean']);
    expect(own.stdout).toContain('clean');
  });
});

describe('an agent', () => {
  it('that never answers costs its own link and no other', async () => {
    const folder = await stage.folder('rest', {});

    const { report, exitCode } = await stage.doctor(folder, ['mute']);

    const [machine] = report.machines;
    expect(exitCode).toBe(1);
    expect(machine?.findings.map(({ rule }) => rule)).toEqual(['agent-blind']);
    expect(machine?.links.find(({ link }) => link === 'lease')?.state).toBe('right');
    expect(machine?.unseen).toContain('static');
  });

  it('that is off is passed over, and ssh is taken where the guest is known', async () => {
    const folder = await stage.folder('rest', {});
    const address = (await stage.lease(842, 'mgmt'))?.address ?? '';
    const known = await stage.lab.controller.run([
      ...['ssh', '-o', 'StrictHostKeyChecking=accept-new', '-o', 'HostKeyAlias=shut.mgmt.internal'],
      ...[`tappaas@${address}`, 'true'],
    ]);

    const { report, exitCode } = await stage.doctor(folder, ['shut']);

    const [machine] = report.machines;
    expect(known.exitCode, known.stderr).toBe(0);
    expect(machine?.entry.tried.map(({ way, outcome }) => [way, outcome])).toEqual([
      ['agent', 'passed-over'],
      ['ssh', 'used'],
    ]);
    expect(machine?.findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['agent-blind', 'notice'],
    ]);
    expect(exitCode).toBe(0);
  });

  it('whose answer is huge is not believed, and ends nothing else', async () => {
    const folder = await stage.folder('rest', {});
    const one = { name: 'x'.repeat(1000), 'hardware-address': mac, 'ip-addresses': [] };
    await setLies(stage.lab.paths, { 840: { 'guest-network-get-interfaces': Array(40_000).fill(one) } });

    const { report } = await stage.doctor(folder, ['evil']);

    await setLies(stage.lab.paths);
    expect(report.machines[0]?.links.find(({ link }) => link === 'lease')?.name.seen).toBe('value');
    expect(report.machines[0]?.entry.way).toBe('agent');
  });
});
