import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runFolder } from './run-folder.ts';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'control-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

/** A process id that Linux never gives away (proc(5), pid_max). */
const gone = 4_194_305;

describe('runFolder', () => {
  it('is private, and in the runtime directory of a unit where there is one', async () => {
    const made = (await runFolder({ RUNTIME_DIRECTORY: `${root}:/other` })) ?? '';

    expect(dirname(made)).toBe(root);
    expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  it('removes what killed processes left, and nothing else', async () => {
    const kept = [`truename-${process.pid}-abcdef`, `truename-${gone}-abc`, `other-${gone}-abcdef`];
    for (const name of [`truename-${gone}-abcdef`, ...kept]) await mkdir(join(root, name));

    const made = (await runFolder({ RUNTIME_DIRECTORY: root })) ?? '';

    expect((await readdir(root)).sort()).toEqual([...kept, basename(made)].sort());
  });

  it('passes over a folder that it may not write', async () => {
    const made = (await runFolder({ RUNTIME_DIRECTORY: join(root, 'missing') })) ?? '';

    expect(dirname(made)).toBe(tmpdir());
    await rm(made, { recursive: true });
  });
});
