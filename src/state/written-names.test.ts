import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writtenNames } from './written-names.ts';

const alias = 'truename-vm-610-u';
let root = '';
let directory = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'truename-test-'));
  directory = join(root, 'not there yet');
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('the names that Truename wrote', () => {
  it('knows none where it wrote none', async () => {
    expect(await writtenNames(directory).last(alias)).toBeUndefined();
    expect(await readdir(root)).toEqual([]);
  });

  it('remembers the last of each guest', async () => {
    const names = writtenNames(directory);
    await names.remember(alias, 'alpha');
    await names.remember('other', 'gamma');
    await names.remember(alias, 'beta');

    expect(await writtenNames(directory).last(alias)).toBe('beta');
    expect(await writtenNames(directory).last('other')).toBe('gamma');
    expect(await readdir(join(directory, 'written-names'))).toEqual(['other', alias]);
  });

  it('writes nothing that it knows already', async () => {
    await writtenNames(directory).remember(alias, 'alpha');
    const before = await stat(join(directory, 'written-names', alias));

    await writtenNames(directory).remember(alias, 'alpha');

    expect((await stat(join(directory, 'written-names', alias))).ino).toBe(before.ino);
  });

  it.each([
    ['{"schema":2,"name":"alpha"}', 'schema 2'],
    ['{"name":"alpha"}', 'not as'],
    ['{"schema":1}', 'not as'],
    ['', 'not as'],
  ])('does not guess what %j means', async (text, message) => {
    await mkdir(join(directory, 'written-names'), { recursive: true });
    await writeFile(join(directory, 'written-names', alias), text);

    await expect(writtenNames(directory).last(alias)).rejects.toMatchObject({
      code: 'state-unwritable',
      message: expect.stringContaining(message),
    });
  });

  it('has no file for an odd alias', async () => {
    await expect(writtenNames(directory).last('../a')).rejects.toMatchObject({ code: 'internal' });
  });

  it('says so when it cannot write', async () => {
    await writeFile(directory, 'a file where a folder should be');

    await expect(writtenNames(directory).remember(alias, 'alpha')).rejects.toMatchObject({
      code: 'state-unwritable',
    });
  });
});
