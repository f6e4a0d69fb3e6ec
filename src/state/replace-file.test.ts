import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from './replace-file.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truename-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('replaceFile', () => {
  it('leaves one whole text, whoever writes last', async () => {
    const texts = Array.from({ length: 30 }, (_, n) => `${n}`.repeat(10_000));

    await Promise.all(texts.map((text) => replaceFile(join(folder, 'state'), text)));

    expect(texts).toContain(await readFile(join(folder, 'state'), 'utf8'));
    expect(await readdir(folder)).toEqual(['state']);
  });

  it('leaves nothing behind when it fails', async () => {
    await mkdir(join(folder, 'state', 'inner'), { recursive: true });

    await expect(replaceFile(join(folder, 'state'), 'text')).rejects.toMatchObject({
      code: 'state-unwritable',
    });
    expect(await readdir(folder)).toEqual(['state']);
  });
});
