import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuestWrite, JournalledGuest, JournalledWrite } from '../domain/journal.ts';
import { listRuns, openJournal, readRun } from './journal.ts';

const run = '20261126-013000-3f9a';
const undoing = '20261127-080000-0001';
const startedAt = '2026-11-26T01:30:00.000Z';
const at = '2026-11-26T01:30:05.000Z';
const guest: JournalledGuest = {
  ref: { hypervisor: 'pve', node: 'pve1', vmid: 610 },
  kind: 'vm',
  name: 'alpha',
  alias: 'truename-vm-610-u',
};
const write: GuestWrite = { kind: 'static-name', was: 'debian', wrote: 'alpha' };

let root = '';
let directory = '';
let path = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'truename-test-'));
  directory = join(root, 'not there yet');
  path = join(directory, 'journal', `${run}.jsonl`);
});

afterEach(() => rm(root, { recursive: true, force: true }));

function open(id = run, command: 'fix' | 'undo' = 'fix') {
  return openJournal(directory, { run: id, command, startedAt }, () => at);
}

describe('the journal of a run', () => {
  it('leaves no file when nothing was written', async () => {
    open();

    expect(await readdir(root)).toEqual([]);
    expect(await readRun(directory, run)).toBeUndefined();
    expect(await listRuns(directory)).toEqual([]);
  });

  const reservation = { kind: 'reservation', server: 'fw', mac: 'bc:24:11:00:00:01' } as const;
  const reserved = { name: 'alpha', address: '10.2.10.5' };

  it.each<JournalledWrite['write']>([
    write,
    { kind: 'transient-name', was: '', wrote: 'alpha' },
    { kind: 'profile-name', connection: 'Wired\n1', copy: 'saved', was: '', wrote: 'alpha' },
    { kind: 'profile-sends-name', connection: 'eth0', copy: 'in-force', was: true, wrote: false },
    { kind: 'drop-in', path: '/etc/x.conf', was: null, wrote: { name: 'alpha' } },
    { kind: 'drop-in', path: '/etc/x.conf', was: 'nothing', wrote: 'send-none' },
    { kind: 'conf-name', file: '/etc/dhcpcd.conf', was: '', wrote: 'alpha' },
    { ...reservation, was: null, wrote: reserved, leaseName: 'debian' } as JournalledWrite['write'],
    { ...reservation, was: reserved, wrote: null, leaseName: null } as JournalledWrite['write'],
  ])('gives a write back as it was told: $kind', async (each) => {
    const journal = open();
    const number = await journal.writing(guest, each);
    expect(await readRun(directory, run)).toMatchObject({ writes: [{ certain: false }] });

    await journal.written(number);

    expect(await readRun(directory, run)).toEqual({
      run,
      startedAt,
      command: 'fix',
      writes: [{ number: 1, guest, write: each, at, certain: true }],
    });
  });

  it('keeps its files from other users, and says its schema first', async () => {
    await open().writing(guest, write);

    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'journal'))).mode & 0o777).toBe(0o700);
    expect(await readFile(path, 'utf8')).toMatch(/^\{"schema":1,.*\}\n\{"writing":1,.*\}\n$/);
  });

  it('loses nothing when many guests are written to at once', async () => {
    const journal = open();

    const numbers = await Promise.all(Array.from({ length: 40 }, () => journal.writing(guest, write)));
    await Promise.all(numbers.map((number) => journal.written(number)));

    const writes = (await readRun(directory, run))?.writes ?? [];
    expect(writes.map(({ number }) => number)).toEqual(numbers);
    expect(writes.every(({ certain }) => certain)).toBe(true);
  });

  it('remembers in the other journal who put a write back first', async () => {
    const journal = open();
    for (const number of [1, 2]) expect(await journal.writing(guest, write)).toBe(number);

    await open(undoing, 'undo').undone(run, 2);
    await open('20261128-080000-0002', 'undo').undone(run, 2);

    const writes = (await readRun(directory, run))?.writes;
    expect(writes).toMatchObject([{ number: 1 }, { number: 2, undoneBy: undoing }]);
    expect(writes?.[0]).not.toHaveProperty('undoneBy');
    expect(await readRun(directory, undoing)).toBeUndefined();
  });

  it('lists the newest first, and passes over what is no journal', async () => {
    for (const id of [run, undoing]) await open(id).writing(guest, write);
    for (const name of ['notes.txt', `${run}.saved`])
      await writeFile(join(directory, 'journal', name), 'mine');

    expect((await listRuns(directory)).map((each) => each.run)).toEqual([undoing, run]);
  });

  it('does not write into the journal of another run with the same id', async () => {
    await open().writing(guest, write);
    const before = await readFile(path, 'utf8');

    await expect(open().writing(guest, write)).rejects.toMatchObject({ code: 'state-unwritable' });

    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('says so when it cannot write, and can go on afterwards', async () => {
    const journal = open();
    await writeFile(directory, 'a file where a folder should be');
    await expect(journal.writing(guest, write)).rejects.toMatchObject({
      code: 'state-unwritable',
      where: path,
      hint: expect.stringContaining('--state-dir'),
    });
    await rm(directory);

    expect(await journal.writing(guest, write)).toBe(2);
  });

  it.each(['', '../../x', run.toUpperCase()])('has no file for the run %j', async (id) => {
    expect(() => open(id)).toThrow(expect.objectContaining({ code: 'internal' }));
    expect(() => open().undone(id, 1)).toThrow(expect.objectContaining({ code: 'internal' }));
    expect(await readRun(directory, id)).toBeUndefined();
  });
});

describe('a journal that was cut', () => {
  it.each([
    ['in the word that it was written', '{"written":1}', [{ number: 1, certain: false }]],
    ['in the next write', '{"writing":2,"at":"2026', [{ number: 1, certain: false }]],
  ])('%s is read up to there, and can be added to', async (_what, torn, writes) => {
    await open().writing(guest, write);
    await appendFile(path, torn);
    expect(await readRun(directory, run)).toMatchObject({ writes });

    await open(undoing, 'undo').undone(run, 1);

    expect(await readRun(directory, run)).toMatchObject({ writes: [{ certain: false, undoneBy: undoing }] });
  });

  it.each(['', '{"schema":1,"run":"2026'])(
    'before its first line ended remembers nothing: %j',
    async (torn) => {
      await mkdir(join(directory, 'journal'), { recursive: true });
      await writeFile(path, torn);

      expect(await readRun(directory, run)).toBeUndefined();
      expect(await listRuns(directory)).toEqual([]);
    },
  );
});

describe('a journal that Truename did not write so', () => {
  const header = `{"schema":1,"run":"${run}","command":"fix","startedAt":"${startedAt}"}`;
  const writing = JSON.stringify({ writing: 1, at, guest, write });

  it.each([
    ['another version', '{"schema":2}\n', 'schema 2'],
    ['no schema', '{"run":"x"}\n', 'line 1'],
    ['the header of another run', `${header.replace('3f9a', '0000')}\n`, 'line 1'],
    ['an unknown command', `${header.replace('fix', 'doctor')}\n`, 'line 1'],
    ['a broken line inside', `${header}\n{"writ\n${writing}\n`, 'line 2'],
    ['a blank line', `${header}\n\n${writing}\n`, 'line 2'],
    ['a number twice', `${header}\n${writing}\n${writing}\n`, 'line 3'],
    ['an unknown write', `${header}\n${writing.replace('static-name', 'toString')}\n`, 'line 2'],
    ['a write with a field too few', `${header}\n${writing.replace('"was"', '"is"')}\n`, 'line 2'],
    ['a guest without alias', `${header}\n${writing.replace('"alias"', '"a"')}\n`, 'line 2'],
    ['the end of a write that never began', `${header}\n${writing}\n{"written":2}\n`, 'line 3'],
    ['nobody who put it back', `${header}\n${writing}\n{"undone":1}\n`, 'line 3'],
    ['an unknown line', `${header}\n${writing}\n[]\n`, 'line 3'],
  ])('is not guessed at: %s', async (_what, text, message) => {
    await mkdir(join(directory, 'journal'), { recursive: true });
    await writeFile(path, text);

    const error = { code: 'state-unwritable', message: expect.stringContaining(message), where: path };
    await expect(readRun(directory, run)).rejects.toMatchObject(error);
    await expect(listRuns(directory)).rejects.toMatchObject(error);
  });
});
