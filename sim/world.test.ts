import { describe, expect, it } from 'vitest';
import { createSimWorld } from './world.ts';

const machine = { vmid: 300, name: 'alpha', uuid: '', nics: [] };
const { signal } = new AbortController();

describe('the world in memory', () => {
  it('runs what has disks, and remembers what it was made of', async () => {
    const world = createSimWorld([9000]);
    await expect(world.start(machine)).rejects.toThrow('no disk of VM 300');
    await world.clone(9000, 300, signal);
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

  it('leaves no disk behind when a clone is aborted', async () => {
    const world = createSimWorld([9000]);
    await expect(world.clone(9000, 300, AbortSignal.abort())).rejects.toThrow();
    await expect(world.start(machine)).rejects.toThrow('no disk of VM 300');
  });
});
