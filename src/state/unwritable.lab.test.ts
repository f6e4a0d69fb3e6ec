import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuestWrite, JournalledGuest } from '../domain/journal.ts';
import { listRuns, openJournal, readRun } from './journal.ts';
import { fileLocks } from './locks.ts';
import { canWriteState } from './whole-state.ts';
import { writtenNames } from './written-names.ts';

const alias = 'truename-vm-610-u';
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 610 };
const guest: JournalledGuest = { ref, kind: 'vm', name: 'alpha', alias };
const write: GuestWrite = { kind: 'static-name', was: 'x'.repeat(500), wrote: 'alpha' };
const header = { run: '20261126-013000-3f9a', command: 'fix', startedAt: 'now' } as const;

let directory = '';

// A file system of the test's own, of 64 KiB, that can be filled and made read-only.
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'truename-test-'));
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'truename-test', directory]);
});

afterAll(async () => {
  await execa('umount', [directory]);
  await rm(directory, { recursive: true });
});

describe('a state directory on a full file system', () => {
  it('keeps what was remembered, says what could not be, and goes on when there is space again', async () => {
    const journal = openJournal(directory, header);
    await journal.written(await journal.writing(guest, write));
    await writeFile(join(directory, 'fill'), Buffer.alloc(128 * 1024)).catch(() => undefined);
    let refused: unknown;
    for (let n = 0; n < 50 && refused === undefined; n += 1) {
      await journal.writing(guest, write).catch((error: unknown) => {
        refused = error;
      });
    }
    expect(refused).toMatchObject({
      code: 'state-unwritable',
      hint: expect.stringContaining('Free some space'),
    });
    expect((await readRun(directory, header.run))?.writes[0]).toMatchObject({ number: 1, certain: true });
    await rm(join(directory, 'fill'));

    const number = await journal.writing(guest, write);

    expect((await readRun(directory, header.run))?.writes.at(-1)).toMatchObject({ number, certain: false });
  });
});

describe('a state directory that is read-only', () => {
  it('is read as ever, and says beforehand and at each write that it cannot be written', async () => {
    const locks = fileLocks(directory);
    await writtenNames(directory).remember(alias, 'alpha');
    const taken = await locks.take(alias, 'run');
    await execa('mount', ['-o', 'remount,ro', directory]);
    const unwritable = { code: 'state-unwritable', message: expect.stringContaining('read-only') };

    expect(await canWriteState(directory)).toMatchObject(unwritable);
    await expect(locks.take('another', 'run')).rejects.toMatchObject(unwritable);
    if ('release' in taken) await expect(taken.release()).rejects.toMatchObject(unwritable);
    await expect(writtenNames(directory).remember(alias, 'beta')).rejects.toMatchObject(unwritable);
    const other = openJournal(directory, { ...header, run: '20261126-013000-0000' });
    await expect(other.writing(guest, write)).rejects.toMatchObject(unwritable);
    await expect(other.undone(header.run, 1)).rejects.toMatchObject(unwritable);

    expect(await locks.holder(alias)).toMatchObject({ run: 'run' });
    expect(await writtenNames(directory).last(alias)).toBe('alpha');
    expect(await listRuns(directory)).toHaveLength(1);
    expect(await readdir(join(directory, 'locks'))).toEqual([`${alias}.lock`]);
  });
});
