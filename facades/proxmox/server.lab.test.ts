import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import { exchange } from './agent-wire.ts';
import { type ProxmoxFacade, startProxmoxFacade } from './server.ts';
import { fullToken, templateState } from './testing.ts';
import { createTestCertificate } from './testing-certificate.ts';

const authorization = `PVEAPIToken=${fullToken.id}=${fullToken.secret}`;
const directory = mkdtempSync(join(tmpdir(), 'pve-facade-'));
const socketPath = join(directory, 'api.sock');
const agentPath = join(directory, 'agent.qga');
const world = createSimWorld([9000]);
let facade: ProxmoxFacade;
let ca: string;
let agent: Server;

beforeAll(async () => {
  const certificate = createTestCertificate(directory);
  ca = certificate.cert;
  facade = await startProxmoxFacade({
    world: { ...world, agentSocket: async () => agentPath },
    state: templateState,
    tokens: [fullToken],
    certificate,
    unixSocket: socketPath,
    resourcesCycleMs: 0,
    restartDelayMs: 0,
  });
  agent = createAgent();
  await new Promise<void>((resolve) => agent.listen(agentPath, resolve));
});

afterAll(async () => {
  await facade.close();
  agent.close();
  rmSync(directory, { recursive: true });
});

/** Answers what an earlier client left first, then as qemu-ga does. */
function createAgent(): Server {
  return createServer((socket) => {
    socket.write(
      Buffer.concat([Buffer.from([0xff]), Buffer.from('{"return": 1}\n{"return": {"stale": true}}\n')]),
    );
    socket.once('data', (data) => {
      const [sync = '', command = ''] = data.toString('utf8').split('\n');
      const { id } = (JSON.parse(sync) as { arguments: { id: number } }).arguments;
      const { execute } = JSON.parse(command) as { execute: string };
      if (execute === 'guest-mute') return;
      const reply = execute === 'guest-ping' ? {} : { 'host-name': 'alpha' };
      socket.write(Buffer.from([0xff]));
      socket.write(`{"return": ${id}}\n${JSON.stringify({ return: reply })}\n`);
    });
    socket.on('error', () => undefined);
  });
}

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(
  method: string,
  path: string,
  headers: Record<string, string> = { authorization },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      `${facade.url}/api2/json${path}`,
      { method, headers, ca, agent: false },
      (incoming) => {
        let body = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        incoming.on('end', () => {
          const { statusCode = 0, statusMessage = '' } = incoming;
          resolve({ status: statusCode, reason: statusMessage, headers: incoming.headers, body });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Speaks raw HTTP; resolves with all that came until the server closed. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const { port } = new URL(facade.url);
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca }, () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    socket.on('error', reject).on('close', () => resolve(received));
  });
}

describe('the server on the wire', () => {
  it('answers data as the product does', async () => {
    const answer = await ask('GET', '/cluster/nextid');
    expect([answer.status, answer.body]).toEqual([200, '{"data":"100"}']);
    expect(answer.headers['content-type']).toBe('application/json;charset=UTF-8');
  });

  it('sends a 401 three seconds late, with a reason and nothing else', async () => {
    const before = performance.now();
    const answer = await ask('GET', '/version', {});
    expect(performance.now() - before).toBeGreaterThan(2990);
    expect([answer.status, answer.reason, answer.body]).toEqual([401, 'No ticket', '']);
    expect(answer.headers['content-type']).toBeUndefined();
  });

  it('puts the first line of the message into the reason and closes the connection', async () => {
    const received = await raw(
      `GET /api2/json/nodes/pve1/qemu/777/config HTTP/1.1\r\nHost: pve1\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    expect(received).toMatch(
      /^HTTP\/1\.1 500 Configuration file 'nodes\/pve1\/qemu-server\/777\.conf' does not exist\r\n/,
    );
    expect(received.toLowerCase()).toContain('\r\nconnection: close\r\n');
  });

  it('keeps the connection after a success and closes it after an error', async () => {
    const good = `GET /api2/json/version HTTP/1.1\r\nHost: pve1\r\nAuthorization: ${authorization}\r\n\r\n`;
    const bad = good.replace('/version', '/nope');
    const received = await raw(good + bad);
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 501']);
  });

  it('refuses chunked bodies without reading them', async () => {
    const received = await raw(
      'POST /api2/json/version HTTP/1.1\r\nHost: pve1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
    );
    expect(received).toMatch(/^HTTP\/1\.1 501 chunked transfer encoding not supported\r\n/);
  });

  it('survives a guest that puts control characters and UTF-8 into an error', async () => {
    facade.faults.request = () => ({
      answer: { status: 500, reason: 'Agent error: \u0000\u0007“é”\r\nX: y' },
    });
    const answer = await ask('GET', '/version');
    facade.faults.request = undefined;
    expect(Buffer.from(answer.reason, 'latin1').toString('utf8')).toBe('Agent error:   “é”  X: y');
  });

  it('does not know what a program on the node asks for', async () => {
    const received = await raw(
      'POST /node/exec HTTP/1.1\r\nHost: pve1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    );
    expect(received).toMatch(/^HTTP\/1\.1 500 no such file '\/node\/exec'\r\n/);
  });

  it('cuts the connection when told to', async () => {
    facade.faults.request = () => ({ drop: true });
    await expect(ask('GET', '/version')).rejects.toThrow();
    facade.faults.request = undefined;
  });
});

describe('the command line of a node', () => {
  const execute = promisify(execFile);
  const env = { ...process.env, PVE_FACADE_SOCKET: socketPath };
  const run = (program: string, ...words: string[]) =>
    execute(process.execPath, [join(import.meta.dirname, 'command-line', program), ...words], { env });

  it('clones, starts, asks the agent, and prints as the product does', async () => {
    const clone = await run(
      'pvesh.ts',
      'create',
      '/nodes/pve1/qemu/9000/clone',
      '--newid',
      '300',
      '--name',
      'alpha',
    );
    await run('qm.ts', 'set', '300', '--description', 'a b', '--delete', 'tags');
    const started = await run('qm.ts', 'start', '300');
    const status = await run('qm.ts', 'status', '300');
    const config = await run('qm.ts', 'config', '300');
    const name = await run('qm.ts', 'guest', 'cmd', '300', 'get-host-name');
    const meta = await run('qm.ts', 'cloudinit', 'dump', '300', 'meta');
    const json = await run(
      'pvesh.ts',
      'get',
      '/nodes/pve1/qemu/300/agent/get-host-name',
      '--output-format',
      'json',
    );

    expect(clone.stdout).toMatch(
      /^creating a clone of VM 9000 with ID 300\ncreate linked clone of drive scsi0 \(local-lvm:base-9000-disk-0\)\n"UPID:pve1:.*:qmclone:9000:root@pam:"\n$/,
    );
    expect(started.stdout).toBe('generating cloud-init ISO\n');
    expect(status.stdout).toBe('status: running\n');
    expect(config.stdout).toContain('description: a%20b\n');
    expect(config.stdout).not.toMatch(/^(digest|tags):/m);
    expect(name.stdout).toBe('{\n   "host-name" : "alpha"\n}\n');
    expect(meta.stdout).toMatch(/^instance-id: [0-9a-f]{40}\n$/);
    expect(json.stdout).toBe('{"result":{"host-name":"alpha"}}\n');
  });

  it('says what is wrong on stderr and exits with 255', async () => {
    const missing = await run('qm.ts', 'config', '777').catch((error: unknown) => error);
    const invalid = await run('pvesh.ts', 'get', '/cluster/nextid', '--vmid', '5').catch(
      (error: unknown) => error,
    );
    expect(missing).toMatchObject({
      code: 255,
      stderr: "Configuration file 'nodes/pve1/qemu-server/777.conf' does not exist\n",
    });
    expect(invalid).toMatchObject({
      code: 255,
      stderr:
        '400 Parameter verification failed.\nvmid: invalid format - value does not look like a valid VM ID\n',
    });
  });
});

describe('the agent wire', () => {
  it('skips what an earlier client left and takes its own answer', async () => {
    expect(await exchange(agentPath, { execute: 'guest-get-host-name' }, 2000)).toEqual({
      return: { 'host-name': 'alpha' },
    });
  });

  it('gives up on silence and on a missing socket', async () => {
    expect(await exchange(agentPath, { execute: 'guest-mute' }, 50)).toBeUndefined();
    expect(await exchange(join(directory, 'none'), { execute: 'guest-ping' }, 2000)).toBeUndefined();
  });
});
