import { describe, expect, it } from 'vitest';
import {
  type GivenReservable,
  macOf,
  type ReserveWorld,
  reserveWorld,
} from '../../../test/support/reserve-world.ts';
import { SourceError } from '../../domain/error.ts';
import type { JournalledRun } from '../../domain/journal.ts';
import type { Hostname } from '../../domain/name.ts';
import { type ReleaseRequest, release } from './release.ts';
import { reserve } from './reserve.ts';
import { undoReservations } from './undo.ts';

const { signal } = new AbortController();
const alpha: GivenReservable = { vmid: 610, name: 'alpha' };
const beta: GivenReservable = { vmid: 611, name: 'beta' };
const quiet = () => undefined;

function run(world: ReserveWorld, words: readonly string[], changes: Partial<ReleaseRequest> = {}) {
  const { inventory } = world;
  const request = {
    run: 'run-2',
    words,
    guests: [],
    inventory,
    templates: ['template'],
    yes: false,
    ...changes,
  };
  return release(request, world.sources, quiet, signal);
}

/** A world in which these are reserved, and the journal of the run that did it. */
async function reserved(
  ...guests: GivenReservable[]
): Promise<{ world: ReserveWorld; journalled: JournalledRun }> {
  const world = reserveWorld(guests);
  await reserve(world.request(), world.sources, quiet, signal);
  world.log.length = 0;
  const writes = world.journal.map((each) => ({ ...each, certain: true }));
  return { world, journalled: { run: 'run-1', startedAt: 'then', command: 'reserve', writes } };
}

/** What the hypervisor says of guests that were all renamed. */
function configurationOfRenamed({ sources }: ReserveWorld): typeof sources.hypervisor.configuration {
  const { configuration } = sources.hypervisor;
  return async (...given) => ({ ...(await configuration(...given)), name: 'shop' });
}

describe('release', () => {
  it('takes back those that filters hold, each once, and says nothing of one that has none', async () => {
    const gamma: GivenReservable = { vmid: 612, name: 'gamma' };
    const { world } = await reserved(alpha, beta, gamma);
    world.servers.mgmt.own = world.servers.mgmt.own.filter(({ name }) => name !== 'gamma');

    const { results } = await run(world, ['alpha'], { guests: world.inventory });

    expect(results.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['alpha', 'released'],
      ['beta', 'released'],
    ]);
  });

  it('takes back what Truename reserved for the guest, and nothing of anybody else', async () => {
    const { world } = await reserved(alpha, beta);

    const { results, servers } = await run(world, ['alpha']);

    expect(results).toMatchObject([{ name: 'alpha', outcome: 'released', becomes: null }]);
    expect(world.servers.mgmt.own).toEqual([{ mac: macOf(611), name: 'beta' }]);
    expect(servers).toMatchObject([{ id: 'mgmt', writes: 1, reach: 'segment' }]);
    expect(world.log).toEqual(['writing 610', 'written 3']);
  });

  it('says that the lease keeps its name, and warns where the guest said a template’s before', async () => {
    const { world, journalled } = await reserved(alpha);
    world.runs.push(journalled);

    const { results } = await run(world, ['alpha']);

    expect(results[0]?.notes).toEqual([
      'its lease keeps the name alpha until the guest asks again, and then bears what it says',
      'WARNING: before it was reserved its lease bore template, the name of a template, and may do so again',
    ]);
  });

  it('takes a name that Truename gave for no word of the guest', async () => {
    const { world, journalled } = await reserved(alpha);
    const again = journalled.writes.map(({ write, ...rest }) => ({
      ...rest,
      write: { ...write, leaseName: 'alpha' },
    }));
    world.runs.push({ ...journalled, run: 'run-9', writes: again as JournalledRun['writes'] }, journalled);

    expect((await run(world, ['alpha'])).results[0]?.notes[1]).toContain('bore template');
  });

  it('writes nothing where nothing is reserved', async () => {
    const world = reserveWorld([alpha]);

    const { results, servers } = await run(world, ['alpha']);

    expect(results).toMatchObject([{ outcome: 'unchanged' }]);
    expect([servers, world.servers.mgmt.writes]).toEqual([[], 0]);
  });

  it('finds what was left of a guest that is gone, by name or MAC address', async () => {
    const { world } = await reserved(alpha);
    world.servers.srv.own = [{ mac: macOf(699), name: 'gone' as Hostname }];
    world.servers.mgmt.own.push({ mac: macOf(698), name: 'too' as Hostname });

    const { results } = await run(world, ['gone', macOf(698), 'gone']);

    expect(results.map(({ name, outcome }) => `${name} ${outcome}`).sort()).toEqual([
      'gone released',
      'too released',
    ]);
    expect([world.servers.mgmt.own, world.servers.srv.own]).toEqual([
      [{ mac: macOf(610), name: 'alpha' }],
      [],
    ]);
  });

  it('leaves a reservation under an old name of a guest that lives, and says who has it', async () => {
    const { world } = await reserved(alpha);
    Object.assign(world.sources.hypervisor, { configuration: configurationOfRenamed(world) });
    world.inventory.splice(0, 1, { ...world.guest(610), name: 'shop' });

    await expect(run(world, ['alpha'])).rejects.toMatchObject({ code: 'vm-name-differs' });

    expect(world.servers.mgmt.own).toMatchObject([{ name: 'alpha' }]);
  });

  it('says at which server nothing could be taken back, where it finds nothing', async () => {
    const world = reserveWorld([alpha]);
    world.servers.mgmt.blind = new SourceError('unsupported', 'mgmt', 'its file has comments');

    const { results } = await run(world, ['alpha']);

    expect(results).toMatchObject([
      { outcome: 'unchanged', notes: [expect.stringContaining('its file has comments')] },
    ]);
  });

  it('knows no guest and no reservation of another name', async () => {
    const { world } = await reserved(alpha);

    await expect(run(world, ['nobody'])).rejects.toMatchObject({ code: 'not-found' });
  });

  it('passes over a server that can hold nothing of it, and no other that it cannot read', async () => {
    const { world } = await reserved(alpha);
    world.servers.srv.blind = new SourceError('unsupported', 'srv', 'no folder');
    expect((await run(world, ['alpha'])).results).toMatchObject([{ outcome: 'released' }]);

    world.servers.srv.blind = new SourceError('unreachable', 'srv', 'away');
    expect((await run(world, ['alpha'])).results).toMatchObject([
      { outcome: 'refused', server: 'srv', error: { code: 'unreachable' } },
    ]);
  });
});

describe('undoReservations', () => {
  it('takes a run back at its server, in one write', async () => {
    const { world, journalled } = await reserved(alpha, beta);

    const undone = await undoReservations(journalled, world.sources, signal);

    expect(undone.flatMap(({ writes }) => writes.map(({ result }) => result))).toEqual([
      'restored',
      'restored',
    ]);
    expect([world.servers.mgmt.own, world.servers.mgmt.writes]).toEqual([[], 2]);
    expect(world.log).toEqual(['undone run-1 2', 'undone run-1 1']);
  });

  it('leaves what somebody changed since, and what is gone', async () => {
    const { world, journalled } = await reserved(alpha, beta);
    world.servers.mgmt.own = [{ mac: macOf(610), name: 'other' as Hostname }];

    const undone = await undoReservations(journalled, world.sources, signal);

    expect(undone.flatMap(({ writes }) => writes.map(({ result }) => result))).toEqual(['gone', 'changed']);
    expect(world.servers.mgmt.writes).toBe(1);
  });

  it('reserves again what was released, unless another machine has the name by now', async () => {
    const { world } = await reserved(alpha);
    await run(world, ['alpha']);
    const writes = world.journal.slice(1);
    const journalled: JournalledRun = { run: 'run-2', startedAt: 'then', command: 'release', writes };
    world.servers.mgmt.leases.push({ address: '10.2.10.77' as never, mac: macOf(650), name: 'alpha' });

    const refused = await undoReservations(journalled, world.sources, signal);
    world.servers.mgmt.leases.pop();
    const restored = await undoReservations(journalled, world.sources, signal);

    expect(refused[0]?.error).toMatchObject({ code: 'reservation-conflict' });
    expect(restored[0]?.writes).toMatchObject([{ result: 'restored' }]);
    expect(world.servers.mgmt.own).toEqual([{ mac: macOf(610), name: 'alpha' }]);
  });
});
