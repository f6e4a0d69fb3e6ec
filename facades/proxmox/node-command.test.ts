import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import { writeSnippets } from './snippets.ts';
import type { ClusterState } from './state.ts';
import { containerState, createTestBench, type TestBench } from './testing.ts';

const state: ClusterState = {
  ...containerState,
  storages: [
    { id: 'local', type: 'dir', snippets: { 'user.yaml': '#cloud-config\nhostname: other\n' } },
    { id: 'local-lvm', type: 'lvmthin' },
  ],
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-command-'));
});

afterEach(() => rm(folder, { recursive: true }));

function createBench(snippetFolderOnNode?: string): {
  bench: TestBench;
  world: ReturnType<typeof createSimWorld>;
} {
  const world = createSimWorld([9000, 200]);
  const onNode = snippetFolderOnNode === undefined ? {} : { snippetFolderOnNode };
  return { bench: createTestBench(world, { state, snippetFolder: folder, ...onNode }), world };
}

async function ask(bench: TestBench, name: string, body: object, local = true): Promise<unknown> {
  const text = Buffer.from(JSON.stringify(body));
  const headers = { 'content-length': String(text.length) };
  const answer = await bench.handle({ method: 'POST', target: `/node/${name}`, headers, body: text, local });
  return answer.status === 200 ? JSON.parse(answer.body).data : `${answer.status} ${answer.reason}`;
}

describe('exec', () => {
  it('passes program, arguments and input to the running container as they are', async () => {
    const { bench, world } = createBench();
    await bench.task('POST', '/nodes/pve1/lxc/200/status/start');
    world.knobs.exec = (vmid, command, stdin) => ({
      exitCode: 3,
      stdout: JSON.stringify([vmid, command, stdin]),
      stderr: 'é\n',
    });
    const command = ['sh', '-s', '$(id)', '--', ''];
    expect(await ask(bench, 'exec', { vmid: '200', command, stdin: 'echo\n' })).toEqual({
      exitCode: 3,
      stdout: JSON.stringify([200, command, 'echo\n']),
      stderr: 'é\n',
    });
  });

  it('judges in the order of pct: exists, runs, has a command', async () => {
    const { bench } = createBench();
    const exec = (vmid: string, command: string[]) => ask(bench, 'exec', { vmid, command, stdin: '' });
    expect(await exec('777', [])).toBe("500 Configuration file 'nodes/pve1/lxc/777.conf' does not exist");
    expect(await exec('9000', [])).toBe("500 Configuration file 'nodes/pve1/lxc/9000.conf' does not exist");
    expect(await exec('200', [])).toBe("500 container '200' not running!");
    await bench.task('POST', '/nodes/pve1/lxc/200/status/start');
    expect(await exec('200', [])).toBe('500 missing command');
    expect(await exec('2x', ['true'])).toBe('400 Parameter verification failed.');
  });

  it('is nothing that HTTPS serves', async () => {
    const { bench } = createBench();
    await bench.task('POST', '/nodes/pve1/lxc/200/status/start');
    const body = { vmid: '200', command: ['true'], stdin: '' };
    expect(await ask(bench, 'exec', body, false)).toBe("500 no such file '/node/exec'");
    expect(await ask(bench, 'other', {})).toBe("501 Method 'POST /node/other' not implemented");
    expect((await bench.call('POST', '/node/exec', body)).status).toBe(501);
  });
});

describe('path', () => {
  it('names the file of a snippet as the node sees it, whether there is one or not', async () => {
    await writeSnippets(folder, state);
    const { bench } = createBench();
    const path = String(await ask(bench, 'path', { volume: 'local:snippets/user.yaml' }));
    expect(path).toBe(join(folder, 'local/snippets/user.yaml'));
    expect(await readFile(path, 'utf8')).toContain('hostname: other');
    const elsewhere = createBench('/run/pve/snippets').bench;
    const none = await ask(elsewhere, 'path', { volume: 'local:snippets/none.yaml' });
    expect(none).toBe('/run/pve/snippets/local/snippets/none.yaml');
  });

  it.each([
    ['other:snippets/a.yaml', "500 storage 'other' does not exist"],
    ['local:snippets/../a.yaml', "500 unable to parse directory volume name 'snippets/../a.yaml'"],
    ['local-lvm:snippets/a.yaml', "500 unable to parse lvm volume name 'snippets/a.yaml'"],
    ['nothing', '400 Parameter verification failed.'],
  ])('refuses %s', async (volume, expected) => {
    expect(await ask(createBench().bench, 'path', { volume })).toBe(expected);
  });
});

describe('a snippet that is a file', () => {
  it('is read at every start', async () => {
    await writeSnippets(folder, state);
    const { bench, world } = createBench();
    await bench.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 300, name: 'alpha' });
    await bench.data('PUT', '/nodes/pve1/qemu/300/config', { cicustom: 'user=local:snippets/user.yaml' });
    await writeFile(join(folder, 'local/snippets/user.yaml'), '#cloud-config\nhostname: changed\n');
    await bench.task('POST', '/nodes/pve1/qemu/300/status/start');
    expect(world.machines.get(300)).toMatchObject({
      seed: { 'user-data': '#cloud-config\nhostname: changed\n' },
    });
    await bench.task('POST', '/nodes/pve1/qemu/300/status/stop');
    await rm(join(folder, 'local/snippets/user.yaml'));
    const failure = await bench.task('POST', '/nodes/pve1/qemu/300/status/start');
    expect(failure).toBe("volume 'local:snippets/user.yaml' does not exist");
  });
});
