import { describe, expect, it } from 'vitest';
import { rebuildIn } from '../../../test/support/rebuild-in.ts';
import { cloneWorld, rebuiltWorld, writesOf } from '../../../test/support/rebuild-world.ts';
import { address } from '../../../test/support/sample-snapshot.ts';
import { rebuildSteps } from '../../domain/event.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';

const withoutReboot = rebuildSteps.filter((step) => step !== 'reboot');

describe('a rebuild of a fresh clone', () => {
  it('takes every step in order, does each thing once, and proves the name', async () => {
    const world = cloneWorld();

    const { result, steps, failed } = await rebuildIn(world);

    expect(result).toMatchObject({
      outcome: 'proven',
      segment: 'mgmt',
      fqdn: 'alpha.mgmt.internal',
      address,
      proof: { proven: true },
      before: { lease: { value: { lease: { name: 'tappaas-nixos' } } } },
      after: { lease: { value: { lease: { name: 'alpha' } } } },
    });
    expect(result).not.toHaveProperty('switched');
    expect([steps, failed]).toEqual([withoutReboot, []]);
    expect(writesOf(world)).toEqual([
      'prepare',
      'switch',
      'remedy refresh-static-name',
      'remedy set-transient-name',
    ]);
    expect(result.remedies.map(({ kind }) => kind)).toEqual(['refresh-static-name', 'set-transient-name']);
  });

  it('proves who the machine is before it looks further, and looks before it writes', async () => {
    const world = cloneWorld();

    await rebuildIn(world);

    expect(world.log.slice(0, 9)).toEqual([
      'pin truename-vm-610-00112233-4455-6677-8899-aabbccddeeff',
      `shell ${address}`,
      'true',
      'id -u',
      'look',
      'wait for cloud-init',
      'look',
      `builder on target by ssh root@${address}`,
      'prepare',
    ]);
  });

  it('tells each step when it begins and how it ended, and the build line by line', async () => {
    const { events } = await rebuildIn(cloneWorld());
    const ended = events.flatMap((event) => (event.type === 'step-ended' ? [event] : []));

    expect(ended.map(({ step }) => step)).toEqual(withoutReboot);
    expect(ended.every(({ passed }) => passed)).toBe(true);
    expect(ended.find(({ step }) => step === 'name')?.result).toBe('refresh-static-name, set-transient-name');
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'output', step: 'build', line: 'building the system' }),
    );
    expect(events.filter(({ type }) => type === 'remedy')).toHaveLength(2);
  });

  it('goes by the part before the first dot where the VM has a full name', async () => {
    const world = cloneWorld();
    world.configuration = { ...world.configuration, name: 'alpha.mgmt.internal' };

    expect((await rebuildIn(world)).result).toMatchObject({ outcome: 'proven', fqdn: 'alpha.mgmt.internal' });
  });

  it('goes by the NIC that a segment holds, and by the one that somebody named', async () => {
    const [nic] = cloneWorld().configuration.nics;
    if (nic === undefined) throw new Error('a clone without a NIC');
    const elsewhere = { slot: 'net0', mac: 'bc:24:11:00:00:77' as Mac, bridge: 'wan' };
    const world = cloneWorld();
    world.configuration = { ...world.configuration, nics: [elsewhere, { ...nic, slot: 'net1' }] };
    const named = cloneWorld();
    named.configuration = world.configuration;
    named.nic = 'net0';

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
    expect((await rebuildIn(named)).result.error?.message).toContain('net0 (bridge wan)');
  });

  it('starts a VM that is off', async () => {
    const world = cloneWorld();
    if (world.summary !== undefined) world.summary = { ...world.summary, power: 'stopped' };

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
    expect(writesOf(world)[0]).toBe('power start');
  });

  it('notes what a person should know', async () => {
    const world = cloneWorld();
    world.guest = { ...world.guest, cloudInit: { status: 'error', errors: ['read-only /etc/hostname'] } };
    world.switchResults = ['units-failed'];

    const { notes, result } = await rebuildIn(world, { node: 'tappaas2' });

    expect(notes.join('\n')).toMatch(/not on tappaas2[\s\S]*read-only[\s\S]*units failed/);
    expect(result.outcome).toBe('proven');
  });

  it('finds its name in other letters, and the configuration too', async () => {
    const world = cloneWorld();

    const { result } = await rebuildIn(world, { name: 'Alpha' as Hostname });

    expect(result).toMatchObject({ outcome: 'proven', fqdn: 'alpha.mgmt.internal' });
  });
});

describe('a second rebuild', () => {
  it('builds nothing, asks for no renewal, applies no remedy, and proves the same', async () => {
    const world = rebuiltWorld();
    world.life = { alive: false, why: 'nobody may be asked' };

    const { result, events } = await rebuildIn(world);

    expect(result).toMatchObject({ outcome: 'proven', remedies: [] });
    expect(writesOf(world)).toEqual(['prepare']);
    expect(events).toContainEqual(
      expect.objectContaining({ step: 'build', result: expect.stringContaining('already') }),
    );
    expect(events.filter(({ type }) => type === 'remedy')).toEqual([]);
  });

  it('works with the pinned keys when the agent shows none', async () => {
    const world = cloneWorld();
    await rebuildIn(world);
    world.agentKeys = [];

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
  });
});

describe('a dry run', () => {
  it('runs no script that writes, no builder and no remedy, and says what is wrong', async () => {
    const world = cloneWorld();

    const { result, steps } = await rebuildIn(world, { dryRun: true });

    expect(result).toMatchObject({ outcome: 'planned', proof: { proven: false }, remedies: [] });
    expect(writesOf(world)).toEqual([]);
    expect(world.log).toEqual([
      expect.stringMatching(/^pin /),
      `shell ${address}`,
      'true',
      'id -u',
      'look',
      'look',
      'look',
    ]);
    expect(steps.slice(-2)).toEqual(['cloud-init', 'proof']);
  });

  it('sees that all is right', async () => {
    expect((await rebuildIn(rebuiltWorld(), { dryRun: true })).result).toMatchObject({
      outcome: 'planned',
      proof: { proven: true },
    });
  });

  it('does not start a VM that is off', async () => {
    const world = cloneWorld();
    if (world.summary !== undefined) world.summary = { ...world.summary, power: 'stopped' };

    const { result } = await rebuildIn(world, { dryRun: true });

    expect(result).toEqual({
      outcome: 'planned',
      remedies: [],
      segment: 'mgmt',
      fqdn: 'alpha.mgmt.internal',
    });
    expect(world.log).toEqual([]);
  });
});
