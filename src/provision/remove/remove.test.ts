import { describe, expect, it } from 'vitest';
import { type CloneWorld, cloneWorld } from '../../../test/support/clone-world.ts';
import type { Fate } from '../../../test/support/mortal-run.ts';
import type { Hostname } from '../../domain/name.ts';
import { clone } from '../clone/clone.ts';
import { type RemoveRequest, type RemoveResult, removeGuests } from './remove.ts';

const quiet = () => undefined;

/** A world with two clones that run. */
async function withClones(): Promise<CloneWorld> {
  const world = cloneWorld();
  const order = world.order({ names: ['web-1', 'web-2'] as Hostname[] });
  const { sources, signal } = world.run(order.run);
  await clone(order, sources, quiet, signal);
  return world;
}

async function remove(
  world: CloneWorld,
  words: readonly string[],
  {
    fate,
    dryRun,
    ...changes
  }: Partial<RemoveRequest> & { readonly fate?: Fate; readonly dryRun?: true } = {},
): Promise<{ readonly results: RemoveResult[]; readonly acts: string[] }> {
  const { sources, signal, acts } = world.run(changes.run ?? 'run-2', fate);
  const inventory = await sources.hypervisor.guests(signal);
  const request = { run: 'run-2', words, inventory, templates: [], stop: true, ...changes };
  const { memory, ...looking } = sources;
  const given = dryRun === true || memory === undefined ? looking : { ...looking, memory };
  return { results: await removeGuests(request, given, quiet, signal), acts };
}

const own = ({ reserve }: CloneWorld) => reserve.servers.mgmt.own.map(({ name }) => name);

describe('removeGuests', () => {
  it('takes away a VM, and then its reservation, and nothing else', async () => {
    const world = await withClones();

    const { results, acts } = await remove(world, ['web-1']);

    expect(results).toMatchObject([
      { name: 'web-1', outcome: 'removed', reservations: [{ outcome: 'released' }] },
    ]);
    expect([...world.guests.keys()].sort()).toEqual([101, 9000]);
    expect(own(world)).toEqual(['web-2']);
    expect(acts.findIndex((act) => act.startsWith('remove'))).toBeLessThan(
      acts.findIndex((act) => act.startsWith('reserve')),
    );
  });

  it.each([
    ['runs', 'web-1', 'guest-on'],
    ['is a template', 'tappaas-nixos', 'vm-is-template'],
    ['nobody knows', 'web-9', 'not-found'],
  ])('leaves what %s', async (_, word, code) => {
    const world = await withClones();

    const { results, acts } = await remove(world, [word], { stop: code !== 'guest-on' });

    expect(results).toMatchObject([{ outcome: 'refused', error: { code } }]);
    expect(acts).toEqual([]);
  });

  it('changes nothing in a dry run', async () => {
    const world = await withClones();
    const { results, acts } = await remove(world, ['web-1'], { dryRun: true });
    expect(results).toMatchObject([{ outcome: 'planned', reservations: [{ outcome: 'planned' }] }]);
    expect(acts).toEqual([]);
  });

  it('is finished by the same command wherever it was killed, and the name can be given again', async () => {
    const { acts } = await remove(await withClones(), ['web-1']);
    for (let at = 1; at <= acts.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await withClones();
        await remove(world, ['web-1'], { fate: { at, when } }).catch(quiet);
        world.held.clear();

        await remove(world, ['web-1'], { run: 'run-3' });

        expect([at, when, [...world.guests.keys()].sort(), own(world)]).toEqual([
          at,
          when,
          [101, 9000],
          ['web-2'],
        ]);
        const order = world.order({ run: 'run-4', names: ['web-1'] as Hostname[] });
        const { sources, signal } = world.run(order.run);
        expect((await clone(order, sources, quiet, signal)).results).toMatchObject([{ outcome: 'proven' }]);
      }
    }
  });
});
