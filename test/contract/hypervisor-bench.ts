import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiToken } from '../../facades/proxmox/identity.ts';
import { type ProxmoxFacade, startProxmoxFacade } from '../../facades/proxmox/server.ts';
import { createSimWorld } from '../../sim/world.ts';
import { createProxmoxHypervisor } from '../../src/adapters/proxmox/hypervisor.ts';
import { createRestApi } from '../../src/adapters/proxmox/rest.ts';
import { SourceError } from '../../src/domain/error.ts';
import type { CommandResult, Shell } from '../../src/domain/ports.ts';
import { unwrapErrors, wrapScript } from '../../src/lib/script.ts';
import { createGuest } from '../support/scripted-guest.ts';
import { startWireAgent } from '../support/wire-agent.ts';
import { running, state } from './hypervisor-cluster.ts';
import { withShell } from './hypervisor-shell.ts';
import type { FullHypervisor } from './hypervisor-subject.ts';

const privileges = [
  'Datastore.AllocateSpace',
  'SDN.Use',
  'Sys.Audit',
  'VM.Allocate',
  'VM.Audit',
  'VM.Clone',
  'VM.Config.Cloudinit',
  'VM.Config.Network',
  'VM.Config.Options',
  'VM.GuestAgent.Unrestricted',
  'VM.PowerMgmt',
];
const token = (name: string, granted: string[]): ApiToken => ({
  id: `truename@pve!${name}`,
  secret: randomUUID(),
  acl: [{ path: '/', privileges: granted }],
});
/** May do all that the contract does. */
export const full = token('full', privileges);
/** May look at guests from outside. */
export const audit = token('audit', ['VM.Audit']);
/** May do nothing. */
export const nobody = token('nobody', []);
/** Quick rounds: the façade's tasks end at once. */
export const clock = { sleep: (_ms: number, signal: AbortSignal) => delay(5, undefined, { signal }) };

/** The façade with its world. */
export interface Bench {
  readonly facade: ProxmoxFacade;
  readonly ca: string;
  readonly directory: string;
  readonly socket: string;
  starts(vmid: number): number;
  close(): Promise<void>;
}

/** A program on this machine. */
function run(
  program: string,
  args: readonly string[],
  stdin: string,
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 255, ...output }));
    child.stdin.on('error', () => undefined).end(stdin);
  });
}

/** Starts it; `release` is the version of the product that it answers as, `tokens` what it knows beside its own. */
export async function startBench(release?: string, tokens: readonly ApiToken[] = []): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), 'hypervisor-contract-'));
  const [key, cert, socket, agentSocket] = ['key.pem', 'ca.pem', 'api.sock', 'agent.sock'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-days', '2', '-subj', '/CN=pve1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const world = createSimWorld([9000, 101, 102, 103, 104, 700, 701], running);
  world.knobs.exec = (_vmid, [program = '', ...args], stdin) => run(program, args, stdin);
  world.knobs.addresses.set(700, { eth0: ['10.2.10.70/24', 'fd00::70/64'] });
  const agent = await startWireAgent(agentSocket, withShell(createGuest()));
  const ca = readFileSync(cert, 'utf8');
  const facade = await startProxmoxFacade({
    world: { ...world, agentSocket: async (vmid) => (vmid === 102 ? agentSocket : undefined) },
    state: release === undefined ? state : { ...state, version: { version: release, release, repoid: '0' } },
    tokens: [full, audit, nobody, ...tokens],
    snippetFolder: join(directory, 'snippets'),
    certificate: { key: readFileSync(key, 'utf8'), cert: ca },
    unixSocket: socket,
    resourcesCycleMs: 0,
    restartDelayMs: 50,
  });
  return {
    facade,
    ca,
    directory,
    socket,
    starts: (vmid) => world.history.filter((entry) => entry.action === 'start' && entry.vmid === vmid).length,
    close: async () => {
      await facade.close();
      agent.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** The adapter over HTTPS with a token. */
export function overRest(
  bench: Bench,
  { id, secret }: ApiToken,
  endpoints = [bench.facade.url],
): FullHypervisor {
  const trust = { kind: 'authority', pem: bench.ca } as const;
  const api = createRestApi({ endpoints, tokenId: id, tokenSecret: secret, trust, timeoutMs: 10_000 });
  return createProxmoxHypervisor({ id: 'lab', api, clock });
}

/** A shell on this machine, on which the programs of a node are the façade's. */
export function nodeShell(bench: Bench): Shell {
  for (const name of ['pvesh', 'pct', 'pvesm']) {
    const program = resolve(`facades/proxmox/command-line/${name}.ts`);
    writeFileSync(join(bench.directory, name), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(join(bench.directory, name), 0o755);
  }
  const env = { PATH: `${bench.directory}:/usr/bin:/bin`, PVE_FACADE_SOCKET: bench.socket };
  const via = 'sh on pve1';
  return {
    via,
    async run(script, { args = [], signal }) {
      const result = await run('sh', ['-s'], wrapScript(script, args), { env, signal }).catch((cause) => {
        throw new SourceError('cancelled', via, 'interrupted', { cause });
      });
      const ended = unwrapErrors(result.stderr);
      if (ended === undefined) throw new SourceError('bad-response', via, `no end: ${result.stderr}`);
      return { ...result, ...ended };
    },
  };
}
