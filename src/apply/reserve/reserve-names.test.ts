import { describe, expect, it } from 'vitest';
import { alpha, beta, killedRun, runReserve as run } from '../../../test/support/reserve-run.ts';
import { type GivenReservable, macOf, reserveWorld } from '../../../test/support/reserve-world.ts';
import type { Address } from '../../domain/address.ts';
import { SourceError } from '../../domain/error.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';

describe('what an earlier run left unsaid', () => {
  const mac = macOf(610);
  const left = (name: string) => killedRun(mac, { name: name as Hostname });

  it('is found written, and read back as if this run had written it', async () => {
    const world = reserveWorld([alpha]);
    await run(world);
    world.log.length = 0;
    world.runs.push(left('alpha'));

    const { outcomes, said } = await run(world);

    expect([outcomes, world.log]).toEqual([['unchanged'], ['found run-0 3']]);
    expect(said[0]).toContain('it stands there');
  });

  it('is found not written, and remembered so', async () => {
    const world = reserveWorld([alpha]);
    world.runs.push(left('alpha'));

    const { outcomes } = await run(world);

    expect([outcomes, world.log]).toEqual([['reserved'], ['undone run-0 3', 'writing 610', 'written 1']]);
  });

  it('of another server is left alone', async () => {
    const world = reserveWorld([beta]);
    world.runs.push(left('alpha'));

    await run(world);

    expect(world.log).toEqual(['writing 611', 'written 1']);
  });
});

describe('names are power', () => {
  it.each<[string, GivenReservable[], string]>([
    ['reserved', [{ vmid: 610, name: 'wpad' }], 'name-refused'],
    ['a node’s', [{ vmid: 610, name: 'PVE1' }], 'name-refused'],
    ['a server’s', [{ vmid: 610, name: 'firewall' }], 'name-refused'],
    [
      'a template’s',
      [
        { vmid: 610, name: 'alpha' },
        { vmid: 900, name: 'Alpha', template: true },
      ],
      'name-refused',
    ],
    ['no host name', [{ vmid: 610, name: 'al_pha' }], 'name-refused'],
  ])('a name that is %s is refused', async (_what, guests, code) => {
    const world = reserveWorld(guests);

    const { results } = await run(world);

    expect(results[0]?.error?.code).toBe(code);
    expect(world.servers.mgmt.writes).toBe(0);
  });

  it('a name that a resolver answers with another machine is refused, unless it is taken', async () => {
    const world = reserveWorld([alpha]);
    world.answers.set('alpha.mgmt.internal', { status: 'answered', records: ['10.9.9.9' as Address] });

    expect((await run(world)).results[0]?.error?.code).toBe('name-refused');
    expect((await run(world, { policy: { ...world.request().policy, takeName: true } })).outcomes).toEqual([
      'not-proven',
    ]);
  });

  it('nobody could ask is not nobody has it', async () => {
    const world = reserveWorld([alpha]);
    world.answers.set('alpha.mgmt.internal', new SourceError('timeout', 'mgmt', 'no answer'));

    expect((await run(world)).results[0]?.error?.code).toBe('timeout');
  });

  it('what somebody else reserved is shown and left, unless it is adopted', async () => {
    const world = reserveWorld([alpha]);
    world.servers.mgmt.others = [{ mac: macOf(610), name: 'theirs', file: '/etc/theirs' }];
    const adopting = { policy: { ...world.request().policy, adopt: true } };

    const refused = (await run(world)).results[0];
    const adopted = (await run(world, adopting)).results[0];

    expect([refused?.error?.code, refused?.why]).toEqual([
      'reservation-conflict',
      expect.stringContaining('/etc/theirs'),
    ]);
    expect([adopted?.outcome, world.servers.mgmt.others]).toEqual([
      'reserved',
      [{ mac: macOf(610) as Mac, name: 'theirs', file: '/etc/theirs' }],
    ]);
  });
});
