import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSimWorld } from '../../../sim/world.ts';
import { type ProxmoxFacade, startProxmoxFacade } from '../server.ts';
import { containerState } from '../testing.ts';
import { createTestCertificate } from '../testing-certificate.ts';

const directory = mkdtempSync(join(tmpdir(), 'pve-containers-'));
const world = createSimWorld([9000, 200]);
let facade: ProxmoxFacade;

beforeAll(async () => {
  facade = await startProxmoxFacade({
    world,
    state: {
      ...containerState,
      storages: [{ id: 'local', type: 'dir', snippets: { 'a.yaml': 'a: 1\n' } }],
    },
    tokens: [],
    certificate: createTestCertificate(directory),
    unixSocket: join(directory, 'api.sock'),
    snippetFolder: join(directory, 'snippets'),
    resourcesCycleMs: 0,
  });
});

afterAll(async () => {
  await facade.close();
  rmSync(directory, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the node with this standard input; what it left behind, whatever its exit code. */
function run(program: string, input: string, ...words: string[]): Promise<Ended> {
  const env = { ...process.env, PVE_FACADE_SOCKET: join(directory, 'api.sock') };
  return new Promise((resolve) => {
    const file = join(import.meta.dirname, program);
    const child = execFile(process.execPath, [file, ...words], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

const pct = (input: string, ...words: string[]) => run('pct.ts', input, ...words);

describe('pct', () => {
  it('starts, shows and enters a container', async () => {
    world.knobs.exec = (vmid, command, stdin) => ({
      exitCode: 7,
      stdout: `${vmid} ${JSON.stringify(command)} ${stdin}`,
      stderr: 'warned\n',
    });
    expect(await pct('', 'exec', '200', '--', 'true')).toEqual({
      code: 255,
      stdout: '',
      stderr: "container '200' not running!\n",
    });
    expect(await pct('', 'start', '200')).toMatchObject({ code: 0 });
    expect(await pct('', 'status', '200')).toMatchObject({ code: 0, stdout: 'status: running\n' });
    const list = await pct('', 'list');
    expect(list.stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'VMID       Status     Lock         Name',
      '200        running                 web-ct',
      '',
    ]);
    expect((await pct('', 'config', '200')).stdout).toContain('\nhostname: web-ct\n');
    expect(await pct('printf é\n', 'exec', '200', '--', 'sh', '-s', '--', '$(id)')).toEqual({
      code: 7,
      stdout: '200 ["sh","-s","--","$(id)"] printf é\n',
      stderr: 'warned\n',
    });
  });

  it('passes output on whole that is longer than a pipe takes', async () => {
    world.knobs.exec = (_vmid, _command, stdin) => ({ exitCode: 0, stdout: stdin, stderr: '' });
    const input = 'x'.repeat(900_000);
    expect((await pct(input, 'exec', '200', '--', 'cat')).stdout).toBe(input);
  });

  it('refuses in the words of the product', async () => {
    expect(await pct('', 'exec', '777', '--', 'true')).toMatchObject({
      code: 255,
      stderr: "Configuration file 'nodes/pve1/lxc/777.conf' does not exist\n",
    });
    expect(await pct('', 'config', '9000')).toMatchObject({
      code: 255,
      stderr: "Configuration file 'nodes/pve1/lxc/9000.conf' does not exist\n",
    });
    expect(await pct('', 'exec', '200', '--')).toMatchObject({ code: 255, stderr: 'missing command\n' });
    expect(await pct('', 'exec', '200', 'ls', '-l')).toMatchObject({
      code: 255,
      stderr: 'Unknown option: l\n400 unable to parse option\n',
    });
    expect(await pct('', 'exec', 'x1', '--', 'true')).toMatchObject({
      code: 255,
      stderr: "400 Parameter verification failed.\nvmid: type check ('integer') failed - got 'x1'\n",
    });
  });
});

describe('pvesm path', () => {
  it('finds the file of a snippet', async () => {
    const { stdout } = await run('pvesm.ts', '', 'path', 'local:snippets/a.yaml');
    expect(stdout).toBe(`${join(directory, 'snippets/local/snippets/a.yaml')}\n`);
    expect(readFileSync(stdout.trim(), 'utf8')).toBe('a: 1\n');
    expect(await run('pvesm.ts', '', 'path', 'other:snippets/a.yaml')).toMatchObject({
      code: 255,
      stderr: "storage 'other' does not exist\n",
    });
  });
});
