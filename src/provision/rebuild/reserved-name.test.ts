import { describe, expect, it } from 'vitest';
import { rebuildIn } from '../../../test/support/rebuild-in.ts';
import { cloneWorld, type RebuildWorld, writesOf } from '../../../test/support/rebuild-world.ts';
import { address, client } from '../../../test/support/sample-snapshot.ts';

/** A clone whose name the DHCP server reserves: its lease is right from the first one on, whatever its client says. */
function reservedWorld(believes: (before: string) => string): RebuildWorld {
  const world = cloneWorld();
  if (world.lease === undefined || world.lease instanceof Error) throw new Error('a clone without a lease');
  world.lease = { ...world.lease, name: 'alpha' };
  world.forward = { status: 'answered', records: [address] };
  const believe = (believedStatic: string) => {
    world.guest = { ...world.guest, client: client({ ...world.guest.client, believedStatic } as object) };
  };
  believe('tappaas-nixos');
  const renew = world.onRemedy;
  world.onRemedy = (remedy) => {
    renew(remedy);
    if (remedy.kind === 'refresh-static-name') believe(believes('tappaas-nixos'));
  };
  return world;
}

describe('a rebuild of a guest whose name is reserved', () => {
  it('has its own client say the name too, though the lease is right already', async () => {
    const world = reservedWorld(() => 'alpha');

    const { result } = await rebuildIn(world);

    expect(writesOf(world)).toContain('remedy refresh-static-name');
    expect(result.outcome).toBe('proven');
    expect(result.proof?.lasts[0]).toMatchObject({
      link: 'dhcp-client',
      state: 'proven',
      because: 'the next renewal sends alpha (static)',
    });
  });

  it('is not proven while the client says another name, which is shown beside the lease', async () => {
    const { result } = await rebuildIn(reservedWorld((before) => before));

    expect(result.outcome).toBe('not-proven');
    expect(result.proof?.now[0]).toMatchObject({ link: 'lease', state: 'proven' });
    expect(result.proof?.lasts[0]).toMatchObject({
      state: 'refuted',
      because: 'the next renewal sends tappaas-nixos (static)',
    });
  });

  it('asks nothing of its client where the server is silent', async () => {
    const world = reservedWorld(() => 'alpha');
    world.life = { alive: false, why: 'it does not run' };

    const { result } = await rebuildIn(world);

    expect(result.error?.code).toBe('dhcp-server-silent');
    expect(writesOf(world)).not.toContain('remedy refresh-static-name');
  });
});
