import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLog } from './run-log.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-log-'));
});

afterEach(async () => {
  await chmod(directory, 0o700);
  await rm(directory, { recursive: true, force: true });
});

describe('the log of a run', () => {
  it('holds its lines as soon as they are written, for its owner alone', async () => {
    const log = runLog(directory, 'rebuild-610', '20260101-120000-aaaa');

    log.write('one');
    log.write('two');

    const path = log.path() ?? '';
    expect(path).toBe(join(directory, 'logs/rebuild-610-20260101-120000-aaaa.log'));
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect([(await stat(path)).mode & 0o777, (await stat(join(directory, 'logs'))).mode & 0o777]).toEqual([
      0o600, 0o700,
    ]);
  });

  it('is not made where nothing is said', async () => {
    const log = runLog(directory, 'rebuild-610', 'run');
    await log.close();

    expect([log.path(), await readdir(directory)]).toEqual([undefined, []]);
  });

  it('takes the oldest of the same subject away, and of no other', async () => {
    for (let n = 10; n < 35; n += 1) runLog(directory, 'rebuild-610', `2026${n}`).write('x');
    runLog(directory, 'rebuild-61', '202601').write('x');
    const log = runLog(directory, 'rebuild-610', '202699');
    log.write('x');

    await log.close();

    const names = await readdir(join(directory, 'logs'));
    expect(names.filter((name) => name.startsWith('rebuild-610-'))).toHaveLength(20);
    expect(names).toContain('rebuild-610-202699.log');
    expect(names).toContain('rebuild-61-202601.log');
    expect(names).not.toContain('rebuild-610-202610.log');
  });

  it('that cannot be written says why, and keeps nobody from working', async () => {
    await writeFile(join(directory, 'logs'), '');
    const log = runLog(directory, 'rebuild-610', 'run');

    log.write('one');
    log.write('two');
    await log.close();

    expect(log.path()).toBeUndefined();
    expect(log.failure()).toMatch(/EEXIST|ENOTDIR/);
  });
});
