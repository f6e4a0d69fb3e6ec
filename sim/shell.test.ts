import { describe, expect, it } from 'vitest';
import type { Address } from '../src/domain/address.ts';
import type { GuestLogin } from '../src/domain/guest-login.ts';
import type { Hostname } from '../src/domain/name.ts';
import { type SimNetwork, simNetwork } from './network.ts';

const { signal } = new AbortController();
const options = { timeoutMs: 1000, signal };
const guest = { ref: { hypervisor: 'sim', node: 'tappaas1', vmid: 610 }, kind: 'vm' } as const;

async function cloned(bootMs = 10_000): Promise<SimNetwork> {
  const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
  await network.hypervisor.clone(9014, 610, 'alpha', 'lan');
  await network.clock.sleep(bootMs, signal);
  return network;
}

function inside({ hypervisor }: SimNetwork) {
  const shell = hypervisor.port.inside?.(guest);
  if (shell === undefined) throw new Error('nobody enters');
  return shell;
}

function ssh(network: SimNetwork, keys: readonly string[]) {
  const login: GuestLogin = {
    guest: { ...guest, power: 'running', template: false, tags: [] },
    name: 'alpha' as Hostname,
    address: '10.2.10.100' as Address,
    alias: 'a',
  };
  const pin = { keys, learntBy: 'test', learntAt: network.clock.now() };
  return network.ssh(login, 'tappaas', { pinned: async () => pin });
}

describe('a shell of a simulated machine', () => {
  it('knows no program but its own, and says so', async () => {
    const ended = await inside(await cloned()).run('echo hello', options);

    expect(ended).toMatchObject({ exitCode: 127, stdout: '' });
    expect(ended.stderr).toContain('does not know this script: echo hello');
  });

  it('lets nobody in before the machine has booted, by neither way', async () => {
    const network = await cloned(1000);

    await expect(inside(network).run('true', options)).rejects.toMatchObject({ code: 'agent-silent' });
    await expect(ssh(network, []).run('true', options)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('lets in by ssh whoever knows its host key, and is root only when asked to be', async () => {
    const network = await cloned();
    const keys = network.hypervisor.machine(610).hostKeys();
    const shell = ssh(network, keys);

    expect((await shell.run('id -u', options)).stdout).toBe('1000\n');
    expect((await shell.run('id -u', { ...options, root: true })).stdout).toBe('0\n');
    await expect(ssh(network, ['ssh-ed25519 other']).run('true', options)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('not the pinned one'),
    });
  });

  it('takes time', async () => {
    const network = await cloned();
    const before = network.clock.elapsed();

    await inside(network).run('true', options);

    expect(network.clock.elapsed()).toBeGreaterThan(before);
  });
});
