import { describe, expect, it } from 'vitest';
import type { GivenGuest } from '../../test/support/fix-guest.ts';
import { otherRun } from '../../test/support/fix-memory.ts';
import { deeds, type FixWorld, type FixWorldChanges, fixWorld } from '../../test/support/fix-world.ts';
import { SourceError } from '../domain/error.ts';
import type { GuestWrite, JournalledRun, JournalledWrite } from '../domain/journal.ts';
import { undoRun } from './undo.ts';

const { signal } = new AbortController();
const alpha: GivenGuest = { vmid: 610, name: 'alpha' };
const beta: GivenGuest = { vmid: 611, name: 'beta' };
const staticName: GuestWrite = { kind: 'static-name', was: 'template', wrote: 'alpha' };
const transientName: GuestWrite = { kind: 'transient-name', was: 'template', wrote: 'alpha' };

/** A run that wrote these in this order, each into the guest with the number before it. */
function journal(
  ...writes: readonly (readonly [number, GuestWrite, Partial<JournalledWrite>?])[]
): JournalledRun {
  return {
    run: 'run-0',
    startedAt: '2026-01-01T11:00:00.000Z',
    command: 'fix',
    writes: writes.map(([vmid, write, more], index) => ({
      number: index + 1,
      guest: {
        ref: { hypervisor: 'pve', node: 'pve1', vmid },
        kind: 'vm',
        name: `guest-${vmid}`,
        alias: `truename-vm-${vmid}-uuid-${vmid}`,
      },
      write,
      at: '2026-01-01T11:00:00.000Z',
      certain: true,
      ...more,
    })),
  };
}

function undo({ sources, inventory }: FixWorld, run: JournalledRun, dryRun = false) {
  return undoRun(run, sources, { dryRun, inventory }, signal);
}

function world(given: readonly GivenGuest[] = [alpha, beta], changes: FixWorldChanges = {}): FixWorld {
  return fixWorld(given, changes);
}

const results = (guests: Awaited<ReturnType<typeof undo>>) =>
  guests.map(({ guest, writes }) => [guest.ref.vmid, writes.map(({ result }) => result)]);

describe('undoRun', () => {
  it('puts back the last write first, says so in the journal, and asks no DHCP server', async () => {
    const made = world();

    const done = await undo(made, journal([610, staticName], [610, transientName]));

    expect(results(done)).toEqual([[610, ['restored', 'restored']]]);
    expect(deeds(made)).toEqual([
      'lock truename-vm-610-uuid-610',
      'restore 610 transient-name',
      'undone run-0 2',
      'restore 610 static-name',
      'undone run-0 1',
      'unlock truename-vm-610-uuid-610',
    ]);
  });

  it('takes each guest for itself, where a run wrote into several in turn', async () => {
    const made = world();

    const done = await undo(made, journal([610, staticName], [611, staticName], [610, transientName]));

    expect(
      done.map(({ guest, writes }) => [guest.ref.vmid, writes.map(({ write }) => write.number)]),
    ).toEqual([
      [610, [3, 1]],
      [611, [2]],
    ]);
  });

  it.each([
    ['restored', true],
    ['gone', true],
    ['changed', false],
    ['fades', false],
  ] as const)('remembers a write that is %s as undone: %s', async (result, isUndone) => {
    const made = world([alpha], { restore: () => result });

    const done = await undo(made, journal([610, staticName]));

    expect(results(done)).toEqual([[610, [result]]]);
    expect(made.log.includes('undone run-0 1')).toBe(isUndone);
  });

  it('leaves what an earlier undo put back', async () => {
    const made = world();

    const done = await undo(made, journal([610, staticName, { undoneBy: 'run-9' }], [610, transientName]));

    expect(results(done)).toEqual([[610, ['restored', 'before']]]);
    expect(deeds(made)).not.toContain('restore 610 static-name');
  });

  it('need not enter a guest in which nothing stands any more, and which may be gone', async () => {
    const made = world([beta]);

    const done = await undo(made, journal([610, staticName, { undoneBy: 'run-9' }]));

    expect(done).toMatchObject([{ writes: [{ result: 'before' }] }]);
    expect(done[0]?.error).toBeUndefined();
    expect(made.log).toEqual([]);
  });

  it('tries a write of which nobody knows whether it was made', async () => {
    const made = world([alpha], { restore: () => 'changed' });

    const done = await undo(made, journal([610, staticName, { certain: false }]));

    expect(results(done)).toEqual([[610, ['changed']]]);
  });

  it('changes nothing and takes no lock in a dry run', async () => {
    const made = world();

    const done = await undo(
      made,
      journal([610, staticName, { undoneBy: 'run-9' }], [610, transientName]),
      true,
    );

    expect(results(done)).toEqual([[610, ['would-restore', 'before']]]);
    expect(deeds(made)).toEqual([]);
  });

  it('touches no other guest that has the number by now', async () => {
    const made = world([{ ...alpha, uuid: 'another' }]);

    const done = await undo(made, journal([610, staticName]));

    expect(done).toMatchObject([{ writes: [], error: { code: 'not-the-vm' } }]);
    expect(deeds(made)).toEqual(['lock truename-vm-610-uuid-610', 'unlock truename-vm-610-uuid-610']);
  });

  it.each<[string, GivenGuest[], FixWorldChanges, string]>([
    ['is not there any more', [beta], {}, 'not-found'],
    ['is a template by now', [{ ...alpha, summary: { template: true } }, beta], {}, 'not-found'],
    ['cannot be entered', [alpha, beta], { closed: [610] }, 'unreachable'],
    [
      'fails',
      [alpha, beta],
      {
        restore(_write, { summary }) {
          if (summary.ref.vmid === 611) return 'restored';
          throw new SourceError('command-failed', 'Linux', 'read-only');
        },
      },
      'command-failed',
    ],
  ])('goes on with the others where a guest %s', async (_what, given, changes, code) => {
    const made = world(given, changes);

    const done = await undo(made, journal([610, staticName], [611, staticName]));

    expect(done).toMatchObject([{ writes: [], error: { code } }, { writes: [{ result: 'restored' }] }]);
    expect(made.memory.held.size).toBe(0);
  });

  it('goes on with the others where another run works on a guest', async () => {
    const made = world();
    made.memory.held.set('truename-vm-610-uuid-610', otherRun);

    const done = await undo(made, journal([610, staticName], [611, staticName]));

    expect(done).toMatchObject([{ error: { code: 'busy' } }, { writes: [{ result: 'restored' }] }]);
    expect(made.log.filter((each) => each.includes('610'))).toEqual([]);
  });

  it('says what was put back before one failed, and leaves what was written before that', async () => {
    const made = world([alpha], {
      restore(write) {
        if (write.kind === 'transient-name') return 'restored';
        throw new SourceError('command-failed', 'Linux', 'read-only');
      },
    });

    const done = await undo(made, journal([610, staticName], [610, staticName], [610, transientName]));

    expect(done).toMatchObject([
      { writes: [{ result: 'restored', write: { number: 3 } }], error: { code: 'command-failed' } },
    ]);
    expect(made.log.filter((each) => each.startsWith('restore'))).toHaveLength(2);
  });
});
