import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { createProxmoxHypervisor } from '../../src/adapters/proxmox/hypervisor.ts';
import { createPveshApi } from '../../src/adapters/proxmox/pvesh.ts';
import { createRestApi } from '../../src/adapters/proxmox/rest.ts';
import { hypervisorContract } from './hypervisor.ts';
import {
  audit,
  type Bench,
  clock,
  full,
  nobody,
  nodeShell,
  overRest,
  startBench,
} from './hypervisor-bench.ts';
import type { FullHypervisor, HypervisorSubject } from './hypervisor-subject.ts';

async function subject(
  entersNodes: boolean,
  create: (bench: Bench) => FullHypervisor,
): Promise<HypervisorSubject> {
  const bench = await startBench();
  const { starts, close } = bench;
  return { hypervisor: create(bench), nodeName: 'pve1', entersNodes, starts, close };
}

hypervisorContract('Proxmox VE over HTTPS', () => subject(false, (bench) => overRest(bench, full)));

hypervisorContract('Proxmox VE by pvesh', () =>
  subject(true, (bench) => {
    const shell = nodeShell(bench);
    const api = createPveshApi({ shellTo: () => shell, entryNodes: ['pve1'], timeoutMs: 10_000 });
    return createProxmoxHypervisor({ id: 'lab', api, clock, nodeShell: () => shell });
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

  it('names the privilege of Proxmox VE 8 there', async () => {
    const old = await startBench('8.4.1');
    const error: unknown = await overRest(old, full)
      .agent(ref)
      .interfaces(signal)
      .catch((reason: unknown) => reason);
    await old.close();

    expect(error).toMatchObject({
      code: 'permission-refused',
      message: expect.stringContaining('VM.Monitor'),
      hint: expect.stringContaining('VM.Monitor (Proxmox VE 8) on /vms/102'),
    });
  });

  it('does not take a list that shows nothing for a cluster without guests', async () => {
    await expect(overRest(bench, nobody).guests(signal)).rejects.toMatchObject({
      code: 'permission-refused',
      message: expect.stringContaining('VM.Audit'),
    });
    await expect(overRest(bench, audit).guests(signal)).resolves.toHaveLength(7);
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
