import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { AgentCommand, AgentReply } from '../../facades/proxmox/faults.ts';
import type { CommandResult } from '../../src/domain/ports.ts';
import { full, overRest, startBench } from './hypervisor-bench.ts';

describe('Proxmox VE over HTTPS with an agent that means harm', async () => {
  const bench = await startBench();
  const { signal } = new AbortController();
  const ref = { hypervisor: 'lab', node: 'pve1', vmid: 102 };
  const hypervisor = overRest(bench, full);
  const { faults } = bench.facade;

  afterEach(() => {
    faults.agentReply = undefined;
    faults.agentSilent.clear();
  });
  afterAll(() => bench.close());

  /** The agent lies about one command. */
  function answer(execute: string, value: unknown): void {
    faults.agentReply = (_vmid: number, command: AgentCommand, real?: AgentReply) =>
      command.execute === execute ? { return: value } : real;
  }

  function runScript(): Promise<CommandResult> {
    const shell = hypervisor.inside({ ref, kind: 'vm' });
    if (shell === undefined) throw new Error('no shell');
    return shell.run('echo', { timeoutMs: 60_000, signal });
  }

  it('passes on 16 MiB and refuses twice as much', async () => {
    const output = Buffer.alloc(16 * 1024 * 1024, 'x').toString('base64');
    answer('guest-exec-status', { exited: true, exitcode: 0, 'out-data': output });
    const { stdout } = await hypervisor.agent(ref).run(['echo'], signal);
    answer('guest-exec-status', { exited: true, exitcode: 0, 'out-data': output, 'err-data': output });

    expect(stdout.length).toBe(16 * 1024 * 1024);
    await expect(runScript()).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('refuses 100,000 interfaces', async () => {
    answer('guest-network-get-interfaces', Array(100_000).fill({ name: 'eth0' }));

    await expect(hypervisor.agent(ref).interfaces(signal)).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('reads broken UTF-8 as text', async () => {
    const bytes = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x62]).toString('base64');
    answer('guest-exec-status', { exited: true, exitcode: 0, 'out-data': bytes });

    const { stdout } = await hypervisor.agent(ref).run(['echo'], signal);

    expect(stdout).toMatch(/^a.*b$/);
  });

  it('does not take a script for ended that did not say so', async () => {
    answer('guest-exec-status', { exited: true, exitcode: 0 });

    await expect(runScript()).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('waits for a silent agent no longer than told', async () => {
    faults.agentSilent.add(102);

    await expect(hypervisor.agent(ref).run(['echo'], AbortSignal.timeout(200))).rejects.toMatchObject({
      code: 'timeout',
    });
    await expect(hypervisor.agent(ref).interfaces(AbortSignal.timeout(200))).rejects.toMatchObject({
      code: 'timeout',
    });
  });

  it('calls it silent when it was given the time that the product takes', async () => {
    faults.agentSilent.add(102);

    await expect(hypervisor.agent(ref).interfaces(signal)).rejects.toMatchObject({ code: 'agent-silent' });
  });
});
