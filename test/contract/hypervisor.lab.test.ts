import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { ApiToken } from '../../facades/proxmox/identity.ts';
import { type ProxmoxFacade, startProxmoxFacade } from '../../facades/proxmox/server.ts';
import type { ClusterState } from '../../facades/proxmox/state.ts';
import { createSimWorld } from '../../sim/world.ts';
import { createProxmoxHypervisor } from '../../src/adapters/proxmox/hypervisor.ts';
import { createPveshApi } from '../../src/adapters/proxmox/pvesh.ts';
import { createRestApi } from '../../src/adapters/proxmox/rest.ts';
import { SourceError } from '../../src/domain/error.ts';
import type { CommandResult, Hypervisor, Shell } from '../../src/domain/ports.ts';
import { createGuest } from '../support/scripted-guest.ts';
import { startWireAgent } from '../support/wire-agent.ts';
import { type HypervisorSubject, hypervisorContract } from './hypervisor.ts';

const privileges = ['VM.Audit', 'VM.PowerMgmt', 'VM.GuestAgent.Unrestricted', 'Sys.Audit'];
const token = (name: string, granted: string[]): ApiToken => ({
  id: `truename@pve!${name}`,
  secret: randomUUID(),
  acl: [{ path: '/', privileges: granted }],
});
const full = token('full', privileges);
const audit = token('audit', ['VM.Audit']);
const nobody = token('nobody', []);
/** Quick rounds: the façade's tasks end at once. */
const clock = { sleep: (_ms: number, signal: AbortSignal) => delay(5, undefined, { signal }) };

const state: ClusterState = {
  nodes: [{ name: 'pve1', ip: '10.2.10.2' }],
  storages: [{ id: 'local-lvm', type: 'lvmthin' }],
  bridges: ['vmbr0'],
  guests: [
    { vmid: 9000, node: 'pve1', config: { name: 'tappaas-nixos', template: 1, agent: '1', memory: '512' } },
    {
      vmid: 101,
      node: 'pve1',
      config: {
        name: 'web-1',
        agent: 'enabled=1',
        smbios1: 'uuid=22222222-2222-4222-8222-222222222222',
        net0: 'virtio=BC:24:11:00:01:01,bridge=vmbr0,tag=210',
      },
    },
    {
      vmid: 102,
      node: 'pve1',
      config: {
        name: 'web-2',
        agent: '1',
        tags: 'nixos;web',
        searchdomain: 'srv.internal',
        ide2: 'local-lvm:vm-102-cloudinit,media=cdrom',
        net0: 'virtio=BC:24:11:00:01:02,bridge=vmbr0,tag=210',
      },
    },
  ],
};

interface Bench {
  readonly facade: ProxmoxFacade;
  readonly ca: string;
  readonly directory: string;
  readonly socket: string;
  starts(vmid: number): number;
  close(): Promise<void>;
}

async function startBench(): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), 'hypervisor-contract-'));
  const [key, cert, socket, agentSocket] = ['key.pem', 'ca.pem', 'api.sock', 'agent.sock'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-days', '2', '-subj', '/CN=pve1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const nics = [{ slot: 'net0', mac: 'BC:24:11:00:01:02', bridge: 'vmbr0', tag: 210 }];
  const world = createSimWorld([9000, 101, 102], [{ vmid: 102, name: 'web-2', uuid: '', nics }]);
  const agent = await startWireAgent(agentSocket, createGuest());
  const ca = readFileSync(cert, 'utf8');
  const facade = await startProxmoxFacade({
    world: { ...world, agentSocket: async (vmid) => (vmid === 102 ? agentSocket : undefined) },
    state,
    tokens: [full, audit, nobody],
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

function overRest(
  bench: Bench,
  { id, secret }: ApiToken,
  endpoints = [bench.facade.url],
): Required<Hypervisor> {
  const trust = { kind: 'authority', pem: bench.ca } as const;
  const api = createRestApi({ endpoints, tokenId: id, tokenSecret: secret, trust, timeoutMs: 10_000 });
  return createProxmoxHypervisor({ id: 'lab', api, clock });
}

/** A shell on this machine, on which `pvesh` is the façade's. */
function nodeShell(bench: Bench): Shell {
  const program = join(bench.directory, 'pvesh');
  writeFileSync(
    program,
    `#!/bin/sh\nexec "${process.execPath}" "${resolve('facades/proxmox/command-line/pvesh.ts')}" "$@"\n`,
  );
  chmodSync(program, 0o755);
  const env = { PATH: `${bench.directory}:/usr/bin:/bin`, PVE_FACADE_SOCKET: bench.socket };
  return {
    via: 'sh on pve1',
    run: (script, { args = [], signal }) =>
      new Promise<CommandResult>((done, fail) => {
        execFile('sh', ['-c', script, 'sh', ...args], { env, signal }, (error, stdout, stderr) => {
          if (signal.aborted) fail(new SourceError('cancelled', 'sh', 'interrupted'));
          else done({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
        });
      }),
  };
}

async function subject(create: (bench: Bench) => Required<Hypervisor>): Promise<HypervisorSubject> {
  const bench = await startBench();
  const { starts, close } = bench;
  return { hypervisor: create(bench), nodeName: 'pve1', starts, close };
}

hypervisorContract('Proxmox VE over HTTPS', () => subject((bench) => overRest(bench, full)));

hypervisorContract('Proxmox VE by pvesh', () =>
  subject((bench) => {
    const shell = nodeShell(bench);
    const api = createPveshApi({ shellTo: () => shell, entryNodes: ['pve1'], timeoutMs: 10_000 });
    return createProxmoxHypervisor({ id: 'lab', api, clock });
  }),
);

describe('Proxmox VE over HTTPS, beyond the contract', async () => {
  const bench = await startBench();
  const { signal } = new AbortController();
  const ref = { hypervisor: 'lab', node: 'pve1', vmid: 102 };

  afterAll(() => bench.close());

  it('names the privilege that a token lacks', async () => {
    const hypervisor = overRest(bench, audit);

    await expect(hypervisor.agent(ref).interfaces(signal)).rejects.toMatchObject({
      code: 'permission-refused',
      message: expect.stringContaining('VM.GuestAgent'),
    });
    await expect(hypervisor.power(ref, 'reboot', signal)).rejects.toMatchObject({
      code: 'permission-refused',
      message: expect.stringContaining('VM.PowerMgmt'),
    });
  });

  it('does not take a VM that the token may not see for one that does not exist', async () => {
    await expect(overRest(bench, nobody).find(102, signal)).rejects.toMatchObject({
      code: 'permission-refused',
      message: expect.stringContaining('VM.Audit'),
    });
  });

  it('tells a wrong secret', async () => {
    const hypervisor = overRest(bench, { ...full, secret: randomUUID() });

    await expect(hypervisor.find(102, signal)).rejects.toMatchObject({ code: 'authentication-refused' });
  });

  it('goes to the next endpoint when the first is dead', async () => {
    const hypervisor = overRest(bench, full, ['https://127.0.0.1:1', bench.facade.url]);

    await expect(hypervisor.find(102, signal)).resolves.toMatchObject({ name: 'web-2' });
  });

  it('ends in time when the VM does not come back', async () => {
    const soon = AbortSignal.timeout(300);
    const patient = { sleep: (_ms: number, given: AbortSignal) => delay(1000, undefined, { signal: given }) };
    const trust = { kind: 'authority', pem: bench.ca } as const;
    const { id: tokenId, secret: tokenSecret } = full;
    const rest = createRestApi({
      endpoints: [bench.facade.url],
      tokenId,
      tokenSecret,
      trust,
      timeoutMs: 9000,
    });
    const hypervisor = createProxmoxHypervisor({ id: 'lab', api: rest, clock: patient });

    await expect(hypervisor.power(ref, 'reboot', soon)).rejects.toMatchObject({ code: 'timeout' });
  });
});
