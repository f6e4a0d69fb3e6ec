import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantedNames } from '../../bench/granted-names.ts';
import { hostsFolder } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import { askResolver } from '../../lab/observe.ts';
import type { CloneReport } from '../../src/cli/clone-report.ts';
import type { CloneEvent } from '../../src/domain/clone-event.ts';
import { openStage, type Stage } from './stage.ts';
import { watchRun } from './watched-run.ts';

/** networkd leases as its template. */
const template = 'debian13-networkd';
let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('clone', { token: 'maker' });
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

interface Ran {
  readonly exitCode: number;
  readonly report: CloneReport;
}

async function run(...args: readonly string[]): Promise<Ran> {
  const { exitCode, stdout, stderr } = await stage.truename(folder, ['clone', ...args, '--json']);
  if (stdout === '') throw new Error(`it ended with ${exitCode}:\n${stderr}`);
  return { exitCode, report: JSON.parse(stdout) };
}

const reserved = async (): Promise<string> => {
  const at = join(stage.lab.firewalls.mgmt.root, hostsFolder);
  const texts = (await readdir(at)).map((name) => readFile(join(at, name), 'utf8'));
  return (await Promise.all(texts)).join('');
};

const guests = async (): Promise<string[]> => {
  const all = (await stage.cluster.call('GET', '/cluster/resources?type=vm')) as {
    vmid: number;
    template?: number;
  }[];
  const vms = all.filter((each) => each.vmid < 700 && each.template !== 1);
  const names = vms.map(async ({ vmid }) => {
    const config = await stage.cluster.call('GET', `/nodes/tappaas1/qemu/${vmid}/config`);
    return String((config as { name?: string; lock?: string }).name);
  });
  return (await Promise.all(names)).sort();
};

const dump = 'tcpdump -i lan -n -U --immediate-mode -Z root -s 2048 -w /tmp/dhcp port 67 or port 68';
const listen = `rm -f /tmp/dhcp; ${dump} >/dev/null 2>&1 </dev/null & echo $! >/tmp/dhcp.pid; until [ -e /tmp/dhcp ]; do sleep 0.1; done`;

/** Names under which leases were granted since `listen`, by MAC address. */
async function granted(): Promise<Map<string, string[]>> {
  const stop =
    'sleep 1; kill "$(cat /tmp/dhcp.pid)"; while kill -0 "$(cat /tmp/dhcp.pid)" 2>/dev/null; do sleep 0.1; done';
  const text = await runInside(stage.lab.paths, 'node', `${stop}; base64 -w 0 /tmp/dhcp`);
  return grantedNames(Buffer.from(text.trim(), 'base64'));
}

describe('a clone of a template that says its own name', () => {
  it('is granted no lease under another name, and is proven', async () => {
    await runInside(stage.lab.paths, 'node', listen);

    const { exitCode, report } = await run('alpha', '--from', template, '--start');

    const [clone] = report.clones;
    expect([exitCode, clone?.outcome, report.servers[0]?.writes]).toEqual([0, 'proven', 1]);
    const names = (await granted()).get(clone?.nics[0]?.mac ?? '');
    expect([...new Set(names)]).toEqual(['alpha']);
    const resolved = await askResolver(stage.lab.controller, '10.2.10.1', 'alpha.mgmt.internal', 'A');
    expect(resolved).toBe(clone?.address);
    expect(await reserved()).toContain(clone?.nics[0]?.mac);
  });

  it('is not made where another guest has the name', async () => {
    await stage.cluster.clone(9011, 555, 'beta', 'srv');

    const { exitCode, report } = await run('BETA', '--from', template);

    expect([exitCode, report.clones[0]?.error?.code]).toEqual([1, 'name-taken']);
    await stage.cluster.power(555, 'stop');
    await stage.cluster.call('DELETE', '/nodes/tappaas1/qemu/555');
    expect(await reserved()).not.toMatch(/beta/i);
  });

  it('is taken away with its reservation, and nothing else', async () => {
    const asked = await stage.truename(folder, ['remove', 'alpha', '--stop']);
    expect(asked.exitCode).toBe(2);
    expect(await guests()).toEqual(['alpha']);

    const { exitCode } = await stage.truename(folder, ['remove', 'alpha', '--stop', '--yes']);

    expect([exitCode, await guests(), await reserved()]).toEqual([0, [], '']);
  });
});

describe('a run that is killed', () => {
  it.each<[CloneEvent['step'], CloneEvent['type']]>([
    ['reserve', 'ended'],
    ['make', 'begun'],
    ['make', 'ended'],
    ['set-up', 'ended'],
    ['start', 'ended'],
  ])('when the step %s has %s is finished by the same command, without an orphan', async (step, type) => {
    const words = ['clone', '--from', template, '--count', '2', '--name-pattern', 'k-%d', '--start'];
    await watchRun<CloneEvent, CloneReport>(stage.lab, {
      folder,
      words,
      onEvent: (event, child) => {
        if (event.step === step && event.type === type) child.kill('SIGKILL');
      },
    });

    const { exitCode, report } = await run(...words.slice(1));

    expect([exitCode, report.clones.map(({ outcome }) => outcome)]).toEqual([0, ['proven', 'proven']]);
    expect(await guests()).toEqual(['k-1', 'k-2']);
    const lines = (await reserved()).split('\n').filter((line) => line.includes('k-'));
    expect(lines).toHaveLength(2);
    const away = await stage.truename(folder, ['remove', 'k-1', 'k-2', '--stop', '--yes']);
    expect([away.exitCode, await guests(), await reserved()]).toEqual([0, [], '']);
  });
});

describe('a clone of a TAPPaaS module with a NixOS configuration', () => {
  it('is made in the zone of the module with its MAC address, and rebuilt in the same run', async () => {
    const module = {
      vmname: 'gamma',
      vmid: 611,
      image: '9000',
      imageType: 'clone',
      zone0: 'srv',
      mac0: 'BC:24:11:00:06:11',
      variant: 'x',
    };
    await writeFile(join(folder, 'module.json'), JSON.stringify(module));
    const nix = '{ imports = [ /etc/nixos/ensure-profiles.nix ]; networking.hostName = "gamma"; }\n';
    await writeFile(join(folder, 'gamma.nix'), nix);

    const { exitCode, report } = await run('--tappaas', 'module.json', '--nix', './gamma.nix');

    const [clone] = report.clones;
    expect([clone?.outcome, clone?.vmid, clone?.fqdn]).toEqual(['proven', 611, 'gamma.srv.internal']);
    expect(clone?.nics).toMatchObject([{ mac: 'bc:24:11:00:06:11', segment: 'srv', reserved: true }]);
    expect([exitCode, clone?.rebuild]).toEqual([0, { outcome: 'proven', error: null }]);
    await stage.truename(folder, ['remove', 'gamma', '--stop', '--yes']);
  });
});
