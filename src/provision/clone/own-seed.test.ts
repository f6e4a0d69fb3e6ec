import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { quiet, runClone } from '../../../test/support/clone-run.ts';
import {
  type CloneWorld,
  cloneWorld,
  guestNamed,
  type WorldGuest,
} from '../../../test/support/clone-world.ts';
import type { Fate } from '../../../test/support/mortal-run.ts';
import { SourceError } from '../../domain/error.ts';
import type { Hostname } from '../../domain/name.ts';
import { removeGuests } from '../remove/remove.ts';
import { clone } from './clone.ts';
import type { CloneOrder } from './context.ts';
import type { CloneRun } from './result.ts';

const names = ['web-1', 'web-2'] as Hostname[];
const unreserved = { names, reserve: 'never' } as const;

function make(world: CloneWorld, changes: Partial<CloneOrder> = {}, fate?: Fate): Promise<CloneRun> {
  return runClone(world, { ...unreserved, ...changes }, fate);
}

function withSnippets(): CloneWorld & { readonly snippets: Map<string, string> } {
  const snippets = new Map<string, string>();
  return { ...cloneWorld({ snippets }), snippets };
}

const template = ({ guests }: CloneWorld) => guests.get(9000) as WorldGuest;
const metaOf = (world: CloneWorld, name: string) => guestNamed(world, name)?.customSeed?.meta ?? '';
const notesOf = ({ results }: CloneRun) => results[0]?.notes.join('\n') ?? '';

async function remove(world: CloneWorld, run: string): Promise<string | undefined> {
  const { sources, signal } = world.run(run);
  const inventory = await sources.hypervisor.guests(signal);
  const request = { run, words: ['web-1'], inventory, templates: [], stop: true };
  return (await removeGuests(request, sources, quiet, signal))[0]?.outcome;
}

describe('a clone whose name no server gives', () => {
  it('is told it by meta-data of its own, before the network', async () => {
    const world = withSnippets();

    const run = await make(world);

    for (const name of names) {
      const { uuid } = guestNamed(world, name) as WorldGuest;
      expect(metaOf(world, name)).toBe(`local:snippets/truename-${uuid}.yaml`);
      expect(parse(world.snippets.get(metaOf(world, name)) ?? '')).toEqual({
        'instance-id': uuid,
        'local-hostname': name,
      });
    }
    expect(world.snippets.size).toBe(2);
    expect(world.reserve.servers.mgmt.leases.map(({ name }) => name)).toEqual(names);
    expect(notesOf(run)).toContain(`by meta-data ${metaOf(world, 'web-1')}`);
  });

  it('keeps what else stands in for generated data, and has no meta-data of its template’s', async () => {
    const world = withSnippets();
    const others = { user: 'nas:snippets/user.yaml', vendor: 'nas:snippets/vendor.yaml' };
    Object.assign(template(world), { customSeed: { ...others, meta: 'nas:snippets/meta.yaml' } });

    await make(world);

    expect(guestNamed(world, 'web-1')?.customSeed).toEqual({ ...others, meta: metaOf(world, 'web-1') });
    expect(metaOf(world, 'web-1')).toContain('truename-');
  });

  it('is left as it is by the same command', async () => {
    const world = withSnippets();
    await make(world);
    const { sources, signal, acts } = world.run('run-2');

    const run = await clone(world.order({ ...unreserved, run: 'run-2' }), sources, quiet, signal);

    expect(acts).toEqual([]);
    expect(notesOf(run)).toContain(`by meta-data ${metaOf(world, 'web-1')}`);
  });

  it('says in a dry run what it would be told by', async () => {
    const world = withSnippets();
    const order = world.order(unreserved);
    const { sources, signal, acts } = world.run('run-1');
    const { memory: _, ...looking } = sources;

    const run = await clone(order, looking, quiet, signal);

    expect(notesOf(run)).toContain('would be written to local:snippets/truename-');
    expect([acts, world.snippets.size]).toEqual([[], 0]);
  });

  it.each<[string, () => CloneWorld]>([
    [
      'no cloud-init drive',
      () => {
        const world = withSnippets();
        Object.assign(template(world), { cloudInit: false });
        return world;
      },
    ],
    ['written by ssh on the nodes', cloneWorld],
  ])('is made without it, and that is said: %s', async (why, worldOf) => {
    const run = await make(worldOf(), { start: false });
    expect(run.results.map(({ outcome }) => outcome)).toEqual(['made', 'made']);
    expect(notesOf(run)).toMatch(new RegExp(`the guest itself alone: .*${why}`));
  });

  it('is made without it where it cannot be written', async () => {
    const world = withSnippets();
    const order = world.order({ ...unreserved, start: false });
    const { sources, signal } = world.run('run-1');
    const write = () => Promise.reject(new SourceError('command-failed', 'pve', 'read-only file system'));
    Object.assign(sources.hypervisor.making?.snippets ?? {}, { write });

    const run = await clone(order, sources, quiet, signal);

    expect(notesOf(run)).toContain('the guest itself alone: read-only file system');
    expect(guestNamed(world, 'web-1')).not.toHaveProperty('customSeed');
  });
});

describe('a clone whose name a server gives', () => {
  it('is given no meta-data', async () => {
    const world = withSnippets();
    const run = await make(world, { reserve: 'where-possible' });
    expect([world.snippets.size, notesOf(run).includes('cloud-init')]).toEqual([0, false]);
  });

  it('does not keep that of the clone that it is a copy of, which has another name in it', async () => {
    const world = withSnippets();
    await make(world, { start: false });
    const { ref } = guestNamed(world, 'web-1') as WorldGuest;
    const order = {
      run: 'run-2',
      names: ['db-1'] as Hostname[],
      from: String(ref.vmid),
      disks: 'full',
    } as const;

    await make(world, { ...order, reserve: 'where-possible' });

    expect(guestNamed(world, 'db-1')?.customSeed).toEqual({});
    expect(world.snippets.has(metaOf(world, 'web-1'))).toBe(true);
  });
});

describe('what is taken away', () => {
  it('goes with its meta-data, and the others keep theirs', async () => {
    const world = withSnippets();
    await make(world);
    const kept = metaOf(world, 'web-2');

    expect(await remove(world, 'run-2')).toBe('removed');

    expect([...world.snippets.keys()]).toEqual([kept]);
  });

  it('keeps its meta-data where it cannot be removed', async () => {
    const world = withSnippets();
    await make(world);
    const before = new Map(world.snippets);
    const refuse = () => Promise.reject(new SourceError('vm-locked', 'pve', 'locked'));
    const { sources, signal } = world.run('run-2');
    Object.assign(sources.hypervisor.making ?? {}, { remove: refuse });
    const inventory = await sources.hypervisor.guests(signal);
    const request = { run: 'run-2', words: ['web-1'], inventory, templates: [], stop: true };

    const [result] = await removeGuests(request, sources, quiet, signal);

    expect(result?.outcome).toBe('failed');
    expect(world.snippets).toEqual(before);
  });

  it('never is what a person wrote', async () => {
    const world = withSnippets();
    await make(world);
    const theirs = 'local:snippets/meta.yaml';
    world.snippets.set(theirs, 'local-hostname: theirs\n');
    const guest = guestNamed(world, 'web-1') as WorldGuest;
    Object.assign(guest, { customSeed: { meta: theirs }, description: 'theirs' });

    await remove(world, 'run-2');

    expect(world.snippets.has(theirs)).toBe(true);
  });
});

/** Kills a run at each of its acts, and gives the same command again. */
async function killAtEach(
  killed: Partial<CloneOrder>,
  again: Partial<CloneOrder>,
  prepare: (world: CloneWorld) => void = quiet,
): Promise<void> {
  const whole = withSnippets();
  prepare(whole);
  const { sources, signal, acts } = whole.run('run-1');
  await clone(whole.order({ ...unreserved, ...killed }), sources, quiet, signal);
  expect(acts.some((act) => act.startsWith('write truename-'))).toBe(true);
  for (let at = 1; at <= acts.length; at += 1) {
    for (const when of ['before', 'during', 'after'] as const) {
      const world = withSnippets();
      prepare(world);
      await make(world, killed, { at, when }).catch(quiet);
      world.held.clear();
      world.failing.clear();

      await make(world, { ...again, run: 'run-2' });

      const made = [...world.guests.values()].filter((each) => !each.template);
      const given = made.flatMap(({ customSeed }) => customSeed?.meta ?? []);
      expect([at, when, made.length, [...world.snippets.keys()].sort()]).toEqual([at, when, 2, given.sort()]);
    }
  }
}

describe('a run that is killed at any act', () => {
  it('leaves no meta-data without its VM after the same command', () => killAtEach({}, {}));

  it('leaves none after the same command at a server that takes reservations by now', () =>
    killAtEach({}, { reserve: 'where-possible' }));

  it('leaves none while it takes away what it made', () =>
    killAtEach(
      { rollback: true, start: false },
      { start: false },
      ({ failing }) => void failing.add('web-2'),
    ));
});
