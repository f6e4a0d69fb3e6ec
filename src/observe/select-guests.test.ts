import { describe, expect, it } from 'vitest';
import { mgmt, ref, summary } from '../../test/support/fix-subject.ts';
import { fixWorld } from '../../test/support/fix-world.ts';
import type { GuestSummary } from '../domain/guest.ts';
import { hasFilter, type Selection, selectGuests } from './select-guests.ts';

const { signal } = new AbortController();
const { sources } = fixWorld([]);

function guest(vmid: number, name: string, changes: Partial<GuestSummary> = {}): GuestSummary {
  return summary({ ref: { ...ref, vmid }, name, ...changes });
}

const inventory = [
  guest(613, 'gamma', { tags: ['web'], ref: { ...ref, vmid: 613, node: 'pve2' } }),
  guest(611, 'alpha', { tags: ['web', 'db'], pool: 'prod' }),
  guest(612, 'beta', { kind: 'container', pool: 'prod' }),
  guest(9000, 'template', { template: true, tags: ['web'], pool: 'prod' }),
];

async function select(selection: Partial<Selection>): Promise<[number, boolean][]> {
  const asked = { words: [], all: false, ...selection };
  const found = await selectGuests({ ...sources, segments: [mgmt] }, asked, inventory, signal);
  return found.map((each) => [each.guest.ref.vmid, each.named]);
}

describe('selectGuests', () => {
  it.each<[string, Partial<Selection>, number[]]>([
    ['all of them', { all: true }, [611, 612, 613]],
    ['those with a tag', { tag: 'web' }, [611, 613]],
    [
      'those with a tag in other letters, for the hypervisor knows lower case only',
      { tag: 'WEB' },
      [611, 613],
    ],
    ['those on a node', { node: 'pve1' }, [611, 612]],
    ['those in a pool', { pool: 'prod' }, [611, 612]],
    ['those that all filters hold', { tag: 'web', pool: 'prod', node: 'pve1' }, [611]],
    ['no more than a filter holds, also of all', { all: true, node: 'pve2' }, [613]],
  ])('takes %s, by number, without templates, and none of them as named', async (_what, selection, vmids) => {
    expect(await select(selection)).toEqual(vmids.map((each) => [each, false]));
  });

  it('takes those that are named first, in their order, each once and as named', async () => {
    expect(await select({ words: ['gamma', '611', 'gamma.mgmt.internal'], all: true })).toEqual([
      [613, true],
      [611, true],
      [612, false],
    ]);
  });

  it('takes those that are named alone where nothing else is asked for', async () => {
    expect(await select({ words: ['beta'] })).toEqual([[612, true]]);
  });

  it('refuses a template that is named', async () => {
    await expect(select({ words: ['template'], all: true })).rejects.toMatchObject({
      code: 'vm-is-template',
    });
  });

  it.each<[string, Partial<Selection>, string]>([
    ['filters leave nobody', { tag: 'mail' }, 'not-found'],
    ['nobody is asked for', {}, 'not-found'],
    ['a name is nobody’s', { words: ['delta'], all: true }, 'not-found'],
    ['a word can name no guest', { words: ['--x'] }, 'usage'],
  ])('says so where %s', async (_what, selection, code) => {
    await expect(select(selection)).rejects.toMatchObject({ code });
  });
});

describe('hasFilter', () => {
  it('tells filters from none', () => {
    expect(hasFilter({ all: false })).toBe(false);
    expect(
      [{ all: true }, { all: false, tag: 'x' }, { all: false, node: 'x' }, { all: false, pool: 'x' }].every(
        hasFilter,
      ),
    ).toBe(true);
  });
});
