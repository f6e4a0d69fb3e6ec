import { describe, expect, it } from 'vitest';
import { createSimWorld } from './world.ts';

const machine = { kind: 'vm', vmid: 300, name: 'alpha', uuid: '', nics: [] } as const;
const { signal } = new AbortController();

describe('the world in memory', () => {
  it('runs what has disks, and remembers what it was made of', async () => {
    const world = createSimWorld([9000]);
    await expect(world.start(machine)).rejects.toThrow('no disk of VM 300');
    await world.clone(9000, 300, signal, 'linked');
    await world.start(machine);
    expect(world.running(300)).toBe(true);
    expect(await world.shutdown(300, 1000)).toBe(true);
    expect(world.running(300)).toBe(false);
    expect(world.machines.get(300)).toBe(machine);
    await world.destroy(300);
    await expect(world.start(machine)).rejects.toThrow('no disk of VM 300');
    expect(world.history.map(({ action }) => action)).toEqual(['clone', 'start', 'shutdown', 'destroy']);
  });

  it('turns its knobs', async () => {
    const world = createSimWorld([300], [machine]);
    world.knobs.deaf.add(300);
    expect(await world.shutdown(300, 1000)).toBe(false);
    world.knobs.failure = (action) => (action === 'stop' ? 'stuck' : undefined);
    await expect(world.stop(300)).rejects.toThrow('stuck');
    world.powerOff(300);
    expect(world.running(300)).toBe(false);
    expect(await world.agentSocket(300)).toBeUndefined();
  });

  it('has containers whose programs and addresses a test sets', async () => {
    const nic = { slot: 'net0', name: 'eth0', mac: 'BC:24:11:00:02:00', ip: '10.9.0.20/24' };
    const container = { kind: 'container', vmid: 200, name: 'ct', hostname: 'ct', nics: [nic] } as const;
    const world = createSimWorld([200], [container]);
    expect(await world.exec(200, ['hostname'], '')).toMatchObject({ exitCode: 127 });
    world.knobs.exec = (_vmid, command, stdin) => ({
      exitCode: 0,
      stdout: `${command[0]} ${stdin}`,
      stderr: '',
    });
    expect(await world.exec(200, ['cat'], 'x')).toEqual({ exitCode: 0, stdout: 'cat x', stderr: '' });
    world.knobs.addresses.set(200, { eth0: ['fd00::5/64'] });
    expect(await world.interfaces(200)).toEqual([
      { name: 'lo', mac: '00:00:00:00:00:00', addresses: ['127.0.0.1/8', '::1/128'] },
      { name: 'eth0', mac: 'bc:24:11:00:02:00', addresses: ['10.9.0.20/24', 'fd00::5/64'] },
    ]);
  });

  it('leaves no disk behind when a clone is aborted', async () => {
    const world = createSimWorld([9000]);
    await expect(world.clone(9000, 300, AbortSignal.abort(), 'linked')).rejects.toThrow();
    await expect(world.start(machine)).rejects.toThrow('no disk of VM 300');
  });
});
