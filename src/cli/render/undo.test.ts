import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { everyWrite, journalledRun } from '../../../test/documents/sample-undo.ts';
import type { UndoneGuest, UndoneWrite } from '../../apply/undo.ts';
import { TruenameError } from '../../domain/error.ts';
import type { GuestWrite, JournalledWrite } from '../../domain/journal.ts';
import { undoReport } from '../undo-report.ts';
import { renderRuns, renderUndo } from './undo.ts';

const evil = '\u001b[2J\u202eold\n  ✓ put back';
const staticName: GuestWrite = { kind: 'static-name', was: 'template', wrote: 'alpha' };

function undone(
  writes: readonly JournalledWrite['write'][],
  result: UndoneWrite['result'],
  { name = 'alpha', error }: { readonly name?: string; readonly error?: TruenameError } = {},
): UndoneGuest {
  const run = journalledRun(writes, name);
  const [first] = run.writes;
  if (first === undefined) throw new Error('the run wrote nothing');
  const failed = error === undefined ? {} : { error };
  return { guest: first.guest, writes: run.writes.map((write) => ({ write, result })), ...failed };
}

function render(guests: readonly UndoneGuest[], colour = false): string[] {
  return renderUndo(undoReport({ run: 'run-1', dryRun: false }, guests, undefined), undefined, colour);
}

describe('renderUndo', () => {
  it.each<[UndoneWrite['result'], string]>([
    ['restored', '  ✓ put back: static host name "alpha", before "template"'],
    ['gone', '  · is not there any more: static host name "alpha", before "template"'],
    [
      'changed',
      '  ! something else stands there by now, and was left: static host name "alpha", before "template"',
    ],
    [
      'fades',
      '  ! in no file: it ends when the interface is taken up anew: static host name "alpha", before "template"',
    ],
    ['before', '  · was put back before: static host name "alpha", before "template"'],
    ['would-restore', '  → would be put back: static host name "alpha", before "template"'],
  ])('says of a write that came out as %s what became of it', (result, line) => {
    expect(render([undone([staticName], result)]).slice(0, 2)).toEqual(['alpha (610 on pve1):', line]);
  });

  it('says that no client was asked, where something was put back', () => {
    const said = /^No DHCP client was asked to renew/;

    expect(render([undone([staticName], 'restored')]).at(-1)).toMatch(said);
    expect(render([undone([staticName], 'gone')]).at(-1)).not.toMatch(said);
  });

  it('names the place of each kind of write, and says nothing for no name', () => {
    const places = [...new Set(render([undone(everyWrite('x'), 'gone')]).slice(1))];
    const cleared = { kind: 'conf-name', file: '/etc/dhcpcd.conf', was: 'old', wrote: '' } as const;

    expect(places).toHaveLength(everyWrite('x').length);
    expect(render([undone([cleared], 'restored')])[1]).toBe(
      '  ✓ put back: hostname in /etc/dhcpcd.conf nothing, before "old"',
    );
  });

  it('tells a drop-in that holds a name from one that holds none', () => {
    const path = '/etc/systemd/network/a.network.d/truename.conf';
    const named = { kind: 'drop-in', path, was: null, wrote: { name: 'alpha' } } as const;
    const silent = { kind: 'drop-in', path, was: { name: 'alpha' }, wrote: 'send-none' } as const;
    const empty = { kind: 'drop-in', path, was: null, wrote: 'nothing' } as const;

    expect(
      render([undone([named, silent, empty], 'gone')])
        .slice(1)
        .map((line) => line.split(': ')[1]),
    ).toEqual([
      `${path} "alpha", before no file`,
      `${path} to send no name, before "alpha"`,
      `${path} without a setting, before no file`,
    ]);
  });

  it('says what kept the rest from being put back, and what to do', () => {
    const error = new TruenameError('agent-silent', 'nobody answers', { hint: 'Start it.' });

    expect(render([undone([staticName], 'gone', { error })]).slice(-2)).toEqual([
      '  ✗ agent-silent: nobody answers',
      '    Start it.',
    ]);
  });

  it('shows an error that ended it, alone', () => {
    const error = new TruenameError('usage', 'no run is named', { hint: 'Name one.' });

    expect(renderUndo(undoReport({ dryRun: false }, [], error), error, false)).toEqual([
      'error usage: no run is named',
      '  Name one.',
    ]);
  });

  it('shows what others wrote without doing what it says, and on its own line', () => {
    const error = new TruenameError('agent-silent', evil, { hint: evil });
    const lines = render([undone(everyWrite(evil), 'gone', { name: evil, error })]);

    expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(lines).toHaveLength(everyWrite(evil).length + 3);
  });

  it('paints only where it may, and says the same then', () => {
    const guests = [undone([staticName], 'restored')];
    const coloured = render(guests, true).join('\n');

    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(render(guests).join('\n'));
  });
});

describe('renderRuns', () => {
  it('says how much each run wrote, and how much of it stands', () => {
    const run = journalledRun([staticName, staticName, staticName]);
    const writes = run.writes.map((each) => (each.number === 1 ? { ...each, undoneBy: 'run-2' } : each));

    expect(renderRuns([{ ...run, writes }])).toEqual([
      `${run.run}  ${run.startedAt}  1 guest, 3 written, 2 not put back`,
    ]);
  });

  it('says that there is none', () => {
    expect(renderRuns([])).toEqual(['No run is remembered that wrote anything.']);
  });

  it('shows what a file says without doing it', () => {
    expect(renderRuns([journalledRun([staticName], 'alpha', evil)]).join('')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});
