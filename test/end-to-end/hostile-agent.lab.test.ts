import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { truenameProgram } from '../../demo/truename.ts';
import type { ApiToken } from '../../facades/proxmox/identity.ts';
import type { DoctorReport } from '../../src/cli/doctor-report.ts';
import { audit, type Bench, full, startBench } from '../contract/hypervisor-bench.ts';

/** Answers in place of Proxmox VE, byte for byte; the façade itself could not form such texts. */
type Answer = (response: ServerResponse) => void;

interface Desk {
  readonly bench: Bench;
  /** By the end of the path. */
  readonly answers: Map<string, Answer>;
  readonly url: string;
  close(): Promise<void>;
}

/** A façade, and before it a server that lets everything through but the answers given. */
async function openDesk(release?: string): Promise<Desk> {
  const bench = await startBench(release);
  const answers = new Map<string, Answer>();
  const key = await readFile(join(bench.directory, 'key.pem'), 'utf8');
  const server = createServer({ key, cert: bench.ca }, (incoming, response) => {
    const path = (incoming.url ?? '').replace(/\?.*/s, '');
    const answer = [...answers].find(([end]) => path.endsWith(end))?.[1];
    if (answer === undefined) passOn(bench, incoming, response);
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    bench,
    answers,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await bench.close();
    },
  };
}

function passOn({ facade, ca }: Bench, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url } = incoming;
  const onward = request(`${facade.url}${url}`, { method, headers, ca }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.statusMessage, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  incoming.pipe(onward);
}

/** `truename doctor web-2 --json` and how long it took. */
async function look(desk: Desk, token: ApiToken = full, words: readonly string[] = ['--json']) {
  const { directory } = desk.bench;
  await writeFile(join(directory, 'secret'), token.secret, { mode: 0o600 });
  await writeFile(
    join(directory, 'truename.yaml'),
    `hypervisors:
  lab:
    type: proxmox
    endpoints: ["${desk.url}"]
    token: { id: "${token.id}", secret: "file:${join(directory, 'secret')}" }
    ca: ${join(directory, 'ca.pem')}
timeouts: { request: 8 }
`,
  );
  const started = performance.now();
  const [node = '', ...program] = truenameProgram;
  const ran = await execa(node, [...program, 'doctor', 'web-2', ...words], {
    cwd: directory,
    env: { HOME: directory },
    reject: false,
    timeout: 60_000,
  });
  const seconds = (performance.now() - started) / 1000;
  return { ...ran, seconds };
}

/** The same, as a document with one machine. */
async function diagnose(desk: Desk, token?: ApiToken) {
  const { stdout, stderr, exitCode, seconds } = await look(desk, token);
  const report = JSON.parse(stdout) as DoctorReport;
  const [machine] = report.machines;
  if (machine === undefined) throw new Error(`no machine: ${stdout}${stderr}`);
  return { machine, exitCode, stderr, seconds };
}

const json =
  (body: string | Buffer): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(body);
  };

const ended = (out: string) => json(`{"data":{"exited":1,"exitcode":0,"out-data":"${out}"}}`);
const deep = `{"data":{"result":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
const interfaces = '/agent/network-get-interfaces';
const result = '/agent/exec-status';

describe('truename doctor and an agent that answers', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.answers.clear());
  afterAll(() => desk?.close());

  it.each<readonly [what: string, end: string, answer: Answer]>([
    ['lists nested 100,000 deep', interfaces, json(deep)],
    ['lists in an answer without an end', interfaces, drip],
    ['lists that are cut off', interfaces, cut],
    ['nothing at all', interfaces, () => undefined],
    ['40 MiB', interfaces, json(`{"data":{"result":"${'x'.repeat(40 * 1024 * 1024)}"}}`)],
    ['interfaces of no known form', interfaces, json('{"data":{"result":[{"name":{"toString":1}}]}}')],
    [
      'interfaces under names with broken UTF-8',
      interfaces,
      json(Buffer.from('{"data":{"result":[{"name":"\xff\xc3("}]}}', 'latin1')),
    ],
  ])('%s keeps what the agent shows otherwise', async (_what, end, answer) => {
    desk.answers.set(end, answer);

    const { machine, exitCode, stderr, seconds } = await diagnose(desk);

    expect(machine.entry.way).toBe('agent');
    expect(machine.links.find(({ link }) => link === 'transient')?.name.seen).toBe('value');
    expect([1, 3]).toContain(exitCode);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(seconds).toBeLessThan(20);
  });

  it.each<readonly [what: string, answer: Answer, code: string]>([
    ['results nested 100,000 deep', json(deep), 'bad-response'],
    ['16 MiB of output', ended('x'.repeat(16 * 1024 * 1024)), 'bad-response'],
    ['results of 40 MiB', ended('x'.repeat(40 * 1024 * 1024)), 'bad-response'],
    ['an end that is no end', ended('end=0\\nos.release=b:eA==\\n'), 'bad-response'],
    [
      'output in broken UTF-8',
      json(Buffer.from('{"data":{"exited":1,"exitcode":0,"out-data":"\xff\xc3("}}', 'latin1')),
      'bad-response',
    ],
    ['a script that never ends', json('{"data":{"exited":0}}'), 'timeout'],
  ])('%s says agent-blind: %s', async (_what, answer, code) => {
    desk.answers.set(result, answer);

    const { machine, exitCode, stderr, seconds } = await diagnose(desk);

    const [attempt] = machine.entry.tried;
    expect([attempt?.way, attempt?.outcome, attempt?.code]).toEqual(['agent', 'failed', code]);
    expect(machine.findings.map(({ rule }) => rule)).toContain('agent-blind');
    expect(machine.unseen).toContain('transient');
    expect([1, 3]).toContain(exitCode);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(seconds).toBeLessThan(20);
  });
});

describe.each([
  ['8.4.1', 'VM.Monitor'],
  ['9.1.3', 'VM.GuestAgent.Unrestricted'],
])('truename doctor without the right to ask the agent, Proxmox VE %s', (release, privilege) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(release);
  });
  afterAll(() => desk?.close());

  it(`names ${privilege}`, async () => {
    const { machine, exitCode } = await diagnose(desk, audit);
    const picture = await look(desk, audit, []);

    const blind = machine.findings.find(({ rule }) => rule === 'agent-blind');
    expect(machine.entry.tried[0]?.code).toBe('permission-refused');
    expect(JSON.stringify(blind)).toContain(privilege);
    expect(picture.stdout).toContain(privilege);
    expect([1, 3]).toContain(exitCode);
    expect(picture.exitCode).toBe(exitCode);
  });
});

/** A byte now and then, for ever. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write('['), 200);
  response.on('close', () => clearInterval(timer));
}

function cut(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"data":{"result":[');
  setTimeout(() => response.destroy(), 100);
}
