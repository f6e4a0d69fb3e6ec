import { describe, expect, it } from 'vitest';
import { rebuildIn } from '../../../test/support/rebuild-in.ts';
import {
  cloneWorld,
  hostKey,
  type RebuildWorld,
  sourceError,
  writesOf,
} from '../../../test/support/rebuild-world.ts';
import { address, mac } from '../../../test/support/sample-snapshot.ts';
import type { Address } from '../../domain/address.ts';
import { parseSubnet } from '../../domain/address.ts';
import type { Mac } from '../../domain/mac.ts';

const other = '10.2.10.99' as Address;

function changed(change: (world: RebuildWorld) => void): RebuildWorld {
  const world = cloneWorld();
  change(world);
  return world;
}

/** Changes in what the hypervisor says of the VM. */
function configured(changes: Partial<RebuildWorld['configuration']>) {
  return (world: RebuildWorld) => {
    world.configuration = { ...world.configuration, ...changes };
  };
}

function summarized(changes: Partial<NonNullable<RebuildWorld['summary']>>) {
  return (world: RebuildWorld) => {
    if (world.summary !== undefined) world.summary = { ...world.summary, ...changes };
  };
}

function identified(changes: Partial<RebuildWorld['guest']['identity']>) {
  return (world: RebuildWorld) => {
    world.guest = { ...world.guest, identity: { ...world.guest.identity, ...changes } };
  };
}

describe('a VM that must not be rebuilt', () => {
  it.each<[string, string, (world: RebuildWorld) => void]>([
    [
      'is not there',
      'not-found',
      (world) => {
        world.summary = undefined;
      },
    ],
    ['is a container', 'unsupported', summarized({ kind: 'container' })],
    ['is a template by its configuration', 'vm-is-template', configured({ template: true })],
    ['is a template by the list', 'vm-is-template', summarized({ template: true })],
    ['has another name', 'vm-name-differs', configured({ name: 'beta' })],
    ['is locked', 'vm-locked', configured({ lock: 'clone' })],
    ['has no network interface', 'segment-unknown', configured({ nics: [] })],
    [
      'is on an unknown bridge',
      'segment-unknown',
      configured({ nics: [{ slot: 'net0', mac, bridge: 'wan' }] }),
    ],
    [
      'is on an unknown VLAN',
      'segment-unknown',
      configured({ nics: [{ slot: 'net0', mac, bridge: 'lan', vlan: 7 }] }),
    ],
  ])('%s: %s', async (_what, code, change) => {
    const world = changed(change);

    const { result } = await rebuildIn(world);

    expect(result).toMatchObject({ outcome: 'failed', remedies: [], error: { code } });
    expect(world.log).toEqual([]);
  });
});

describe('a guest that cannot be told from another', () => {
  it('is not entered when the agent names another address than the lease', async () => {
    const world = changed((each) => {
      each.agentAddress = other;
    });

    const { result, failed } = await rebuildIn(world);

    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'address-disputed' } });
    expect([failed, world.log]).toEqual([['address: address-disputed'], []]);
  });

  it('is not entered at a lease outside of its segment', async () => {
    const world = changed((each) => {
      const subnet = parseSubnet('10.9.0.0/16');
      each.segments = each.segments.map((segment) => ({ ...segment, ...(subnet && { subnet }) }));
    });

    expect((await rebuildIn(world)).result.error?.code).toBe('address-disputed');
    expect(world.log).toEqual([]);
  });

  it.each<[string, RebuildWorld['lease']]>([
    ['there is no lease', undefined],
    ['the leases cannot be read', sourceError('unreachable')],
  ])('is not entered on the word of its agent alone when %s', async (_what, lease) => {
    const world = changed((each) => {
      each.lease = lease;
    });

    expect((await rebuildIn(world)).result.error?.code).toBe('address-not-found');
    expect(world.log).toEqual([]);
  });

  it('waits out a short dispute, as while an address changes', async () => {
    const world = changed((each) => {
      each.agentAddress = other;
    });
    const sleep = world.clock.sleep;
    world.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      if (world.clock.elapsed() > 5000) world.agentAddress = address;
    };

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
  });

  it('is entered by its lease when the agent is silent but its keys are pinned', async () => {
    const world = changed(() => undefined);
    await rebuildIn(world);
    world.agentAddress = sourceError('agent-silent');

    const { result, notes } = await rebuildIn(world);

    expect(result.outcome).toBe('proven');
    expect(notes).toContainEqual(expect.stringContaining('agent is silent'));
  });

  it('is not entered without a host key from its agent or a pin', async () => {
    const world = changed((each) => {
      each.agentKeys = [];
    });

    expect((await rebuildIn(world)).result.error?.code).toBe('host-key-untrusted');
    expect(world.log).toEqual([]);
  });

  it('is not entered when its ssh server bears another key', async () => {
    const world = changed((each) => {
      each.serverKeys = [`ssh-ed25519 ${'Z'.repeat(68)}`];
    });

    expect((await rebuildIn(world)).result.error?.code).toBe('unreachable');
    expect(writesOf(world)).toEqual([]);
    expect(world.log).not.toContain('look');
  });

  it('is entered with the keys that it made while it booted', async () => {
    const fresh = `ssh-ed25519 ${'B'.repeat(68)}`;
    const world = changed((each) => {
      each.serverKeys = [fresh];
    });
    const sleep = world.clock.sleep;
    world.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      world.agentKeys = [hostKey, fresh];
    };

    expect((await rebuildIn(world)).result.outcome).toBe('proven');
  });
});

describe('a machine that is not the VM', () => {
  it.each<[string, (world: RebuildWorld) => void]>([
    ['bears another MAC address', identified({ macs: ['bc:24:11:ff:ff:ff' as Mac] })],
    ['bears another uuid', identified({ uuid: 'ffffffff-ffff-4fff-8fff-ffffffffffff' })],
  ])('is left as it is when it %s', async (_what, change) => {
    const world = changed(change);

    const { result, failed } = await rebuildIn(world);

    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'not-the-vm' } });
    expect(failed).toEqual(['identity: not-the-vm']);
    expect(world.log).toEqual([expect.stringMatching(/^pin /), `shell ${address}`, 'true', 'id -u', 'look']);
  });

  it('is left as it is when it shows no uuid', async () => {
    const world = changed((each) => {
      const { uuid: _, ...identity } = each.guest.identity;
      each.guest = { ...each.guest, identity };
    });

    expect((await rebuildIn(world)).result.error).toMatchObject({ code: 'not-the-vm' });
    expect(writesOf(world)).toEqual([]);
  });

  it('goes by the MAC address alone, and says so, where the hypervisor keeps no uuid', async () => {
    const world = changed((each) => {
      const { uuid: _, ...rest } = each.configuration;
      each.configuration = rest;
    });

    const { result, notes } = await rebuildIn(world);

    expect(result.outcome).toBe('proven');
    expect(notes).toContainEqual(expect.stringContaining('MAC address alone'));
  });

  it('is not asked who it is when root is refused', async () => {
    const world = changed((each) => {
      each.userId = '1000';
    });

    expect((await rebuildIn(world)).result.error?.code).toBe('privilege-missing');
    expect(world.log).not.toContain('look');
  });
});
