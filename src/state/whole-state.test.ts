import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAside } from './aside.ts';
import { replaceFile } from './replace-file.ts';
import { canWriteState, sweepState } from './whole-state.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'truename-test-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** A file that another process wrote aside. */
async function leave(folder: string, change: (name: string) => string): Promise<string> {
  const path = await writeAside(join(directory, folder), 'text');
  const name = change(basename(path));
  await rename(path, join(dirname(path), name));
  return name;
}

const ofDead = (name: string) => name.replace(`_${process.pid}_`, '_4194305_');
const ofEarlierBoot = (name: string) => name.replace(/^(\.new-\w{12})_\w{12}/, '$1_000000000000');
const ofEarlierProcess = (name: string) => name.replace(/_\d*_(\w{8})$/, '_1_$1');
const ofOtherHost = (name: string) => ofDead(name).replace(/^\.new-\w{12}/, '.new-000000000000');

describe('canWriteState', () => {
  it('makes the directory, and leaves nothing in it', async () => {
    expect(await canWriteState(join(directory, 'a', 'b'))).toBeUndefined();
    expect(await readdir(join(directory, 'a', 'b'))).toEqual([]);
  });

  it('gives the error that a write would give', async () => {
    await writeFile(join(directory, 'file'), '');

    expect(await canWriteState(join(directory, 'file'))).toMatchObject({
      code: 'state-unwritable',
      where: join(directory, 'file'),
    });
  });
});

describe('sweepState', () => {
  it.each([ofDead, ofEarlierBoot, ofEarlierProcess])('removes what was left aside (%o)', async (change) => {
    for (const folder of ['.', 'locks', 'host-keys', 'written-names']) await leave(folder, change);

    await sweepState(directory, 'run');

    const left = await readdir(directory, { recursive: true, withFileTypes: true });
    expect(left.filter((each) => each.isFile())).toEqual([]);
  });

  it('leaves what the living write, what other hosts write, and what is remembered', async () => {
    await mkdir(join(directory, 'host-keys'));
    await writeFile(join(directory, 'host-keys', 'truename-vm-610-u'), 'keys');
    const left = [
      await leave('host-keys', (name) => name),
      await leave('host-keys', ofOtherHost),
      '.new-odd',
    ];
    await writeFile(join(directory, 'host-keys', '.new-odd'), '');

    await sweepState(directory, 'run');

    expect((await readdir(join(directory, 'host-keys'))).sort()).toEqual(
      [...left, 'truename-vm-610-u'].sort(),
    );
  });

  it('needs no directory', async () => {
    await sweepState(join(directory, 'nowhere'), 'run');

    expect(await readdir(directory)).toEqual([]);
  });
});

describe('replaceFile', () => {
  it('removes what a killed run left aside in the folder', async () => {
    await leave('written-names', ofDead);

    await replaceFile(join(directory, 'written-names', 'a'), 'text');

    expect(await readdir(join(directory, 'written-names'))).toEqual(['a']);
  });
});
