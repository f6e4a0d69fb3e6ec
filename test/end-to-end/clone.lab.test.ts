import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostsFolder } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import { askResolver } from '../../lab/observe.ts';
import type { CloneReport } from '../../src/cli/clone-report.ts';
import { openStage, type Stage } from './stage.ts';

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
  readonly stderr: string;
}

async function run(...args: readonly string[]): Promise<Ran> {
  const { exitCode, stdout, stderr } = await stage.truename(folder, ['clone', ...args, '--json']);
  if (stdout === '') throw new Error(`it ended with ${exitCode}:\n${stderr}`);
  return { exitCode, stderr, report: JSON.parse(stdout) };
}

const inFolder = async (): Promise<string> => {
  const at = join(stage.lab.firewalls.mgmt.root, hostsFolder);
  const texts = (await readdir(at)).map((name) => readFile(join(at, name), 'utf8'));
  return (await Promise.all(texts)).join('');
};

const listen = `rm -f /tmp/dhcp; tcpdump -i lan -n -v -e -l port 67 or port 68 >/tmp/dhcp 2>/dev/null </dev/null & echo $! >/tmp/dhcp.pid; sleep 1`;

describe('a clone of a template that says its own name', () => {
  it('is granted no lease under another name, and is proven', async () => {
    await runInside(stage.lab.paths, 'node', listen);

    const { exitCode, report, stderr } = await run('alpha', '--from', '9011', '--start');

    const heard = await runInside(stage.lab.paths, 'node', 'sleep 1; kill "$(cat /tmp/dhcp.pid)"; cat /tmp/dhcp');
    console.log(stderr, JSON.stringify(report, null, 1));
    console.log(heard);
    const [clone] = report.clones;
    expect([exitCode, clone?.outcome]).toEqual([0, 'proven']);
    expect(await askResolver(stage.lab.controller, '10.2.10.1', 'alpha.mgmt.internal', 'A')).toBe(clone?.address);
    expect(await inFolder()).toContain(clone?.nics[0]?.mac);
  });
});
