import { describe, expect, it } from 'vitest';
import { type CloneWorld, cloneWorld, guestNamed } from '../../../test/support/clone-world.ts';
import type { Fate } from '../../../test/support/mortal-run.ts';
import { SourceError } from '../../domain/error.ts';
import type { Hostname } from '../../domain/name.ts';
import { clone } from '../clone/clone.ts';
import { removeGuests } from './remove.ts';
import type { RemoveRequest, RemoveResult } from './request.ts';

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

  it('takes back the reservations of all in one write', async () => {
    const world = await withClones();
    const writes = world.reserve.servers.mgmt.writes;

    const { results } = await remove(world, ['web-1', 'web-2', 'web-1']);

    expect(results.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['web-1', 'removed'],
      ['web-2', 'removed'],
    ]);
    expect(own(world)).toEqual([]);
    expect(world.reserve.servers.mgmt.writes - writes).toBe(1);
    expect(world.held.size).toBe(0);
  });

  it('leaves a reservation whose guest was renamed, and says who has it', async () => {
    const world = await withClones();
    Object.assign(guestNamed(world, 'web-1') ?? {}, { name: 'shop' });

    const { results, acts } = await remove(world, ['web-1']);

    expect(results).toMatchObject([{ outcome: 'refused', error: { code: 'vm-name-differs' } }]);
    expect(results[0]?.why).toContain('shop (100 on pve1)');
    expect([acts, own(world)]).toEqual([[], ['web-1', 'web-2']]);
  });

  it('leaves a VM whose reserved MAC address another guest has too: that one lives under what is reserved', async () => {
    const world = await withClones();
    const [first, second] = ['web-1', 'web-2'].map((name) => guestNamed(world, name));
    Object.assign(second ?? {}, { nics: first?.nics });

    const { results, acts } = await remove(world, ['web-1']);

    expect(results).toMatchObject([{ outcome: 'refused', error: { code: 'guest-ambiguous' } }]);
    expect(results[0]?.why).toContain('pve1/101 (web-2)');
    expect([acts, own(world)]).toEqual([[], ['web-1', 'web-2']]);
  });

  it('leaves a reservation where a guest of the cluster cannot be looked at', async () => {
    const world = await withClones();
    const { sources, signal } = world.run('run-2');
    const inventory = (await sources.hypervisor.guests(signal)).filter(({ name }) => name !== 'web-1');
    const blind = new SourceError('unreachable', 'pve', 'no route to pve2');
    const hypervisor = { ...sources.hypervisor, configuration: () => Promise.reject(blind) };

    const request = { run: 'run-2', words: ['web-1'], inventory, templates: [], stop: true };
    const results = await removeGuests(request, { ...sources, hypervisor }, quiet, signal);

    expect(results).toMatchObject([{ outcome: 'refused', error: { code: 'unreachable' } }]);
    expect(own(world)).toEqual(['web-1', 'web-2']);
  });

  it.each<[string, (world: CloneWorld) => string]>([
    ['makes its name', () => 'clone-web-1'],
    ['works inside of it', ({ guests }) => `truename-vm-100-${guests.get(100)?.uuid}`],
  ])('leaves a VM when another run %s', async (_, aliasIn) => {
    const world = await withClones();
    const alias = aliasIn(world);
    world.held.set(alias, { run: 'run-9', pid: 2, host: 'there', since: '2026-01-01T12:00:00.000Z' });

    const { results } = await remove(world, ['web-1', 'web-2']);

    expect(results.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
      ['refused', 'busy'],
      ['removed', undefined],
    ]);
    expect([...world.held.keys()]).toEqual([alias]);
  });

  it('says that a VM is gone whose reservation could not be taken back', async () => {
    const world = await withClones();
    world.reserve.servers.mgmt.fails = {
      error: new SourceError('timeout', 'mgmt', 'no answer'),
      made: false,
    };

    const { results } = await remove(world, ['web-1']);

    expect(results).toMatchObject([{ outcome: 'failed', ref: { vmid: 100 } }]);
    expect(results[0]?.why).toMatch(/^the VM is gone; its reservation could not be taken back/);
    expect(world.guests.has(100)).toBe(false);
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
