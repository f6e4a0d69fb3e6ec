import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeGone } from './lock-file.ts';
import { fileLocks, sweepLocks } from './locks.ts';
import { thisProcess } from './process-identity.ts';

const name = 'truename-vm-610-00112233-4455-6677-8899-aabbccddeeff';
const run = '20261126-013000-3f9a';
const since = '2026-11-26T01:30:00.000Z';
const id = '00000000-0000-4000-8000-000000000000';
/** Above the largest that Linux gives (proc(5), pid_max: 2^22). */
const deadPid = 4_194_305;

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'truename-test-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function locks() {
  return fileLocks(directory, () => since);
}

const files = () => readdir(join(directory, 'locks'));

/** A lock, or a claim, as another process would have left it. */
async function leave(record: object, file = `${name}.lock`): Promise<void> {
  await mkdir(join(directory, 'locks'), { recursive: true });
  const whole = { schema: 1, id, run: 'theirs', since, ...(await thisProcess()), ...record };
  await writeFile(join(directory, 'locks', file), JSON.stringify(whole));
}

async function takeOrFail() {
  const taken = await locks().take(name, run);
  if ('heldBy' in taken) throw new Error(`held by ${taken.heldBy.run}`);
  return taken;
}

describe('a lock', () => {
  it('is held by nobody before it is taken, and after it is released', async () => {
    expect(await locks().holder(name)).toBeUndefined();
    const { release } = await takeOrFail();
    expect(await locks().holder(name)).toEqual({ run, pid: process.pid, host: hostname(), since });

    await release();
    await release();

    expect(await locks().holder(name)).toBeUndefined();
    expect(await files()).toEqual([]);
  });

  it('says who holds it', async () => {
    await takeOrFail();

    expect(await locks().take(name, 'another')).toEqual({
      heldBy: { run, pid: process.pid, host: hostname(), since },
    });
    expect(await files()).toEqual([`${name}.lock`]);
  });

  it('is one of many', async () => {
    await takeOrFail();

    expect(await locks().take('dhcp-server-opn_sense', run)).toHaveProperty('release');
  });

  it.each(['', '../a', 'a/b', 'a b', '.a'])('has no file for the name %j', async (odd) => {
    await expect(locks().take(odd, run)).rejects.toMatchObject({ code: 'internal' });
  });

  it('goes to one of many who want it at once, again and again', async () => {
    for (const _round of Array.from({ length: 5 })) {
      const taken = await Promise.all(Array.from({ length: 20 }, () => locks().take(name, run)));

      const [winner, ...others] = taken.filter((each) => 'release' in each);
      expect(others).toEqual([]);
      await winner?.release();
    }
    expect(await files()).toEqual([]);
  });

  it('is not released by one from whom it was taken', async () => {
    const { release } = await takeOrFail();
    await leave({});

    await release();

    expect(await locks().holder(name)).toMatchObject({ run: 'theirs' });
  });

  it.each([
    ['that says nothing', ''],
    ['without a process', `{"schema":1,"id":"${id}","run":"r","host":"h","since":"s"}`],
    ['whose id could be a path', `{"schema":1,"id":"../../x","run":"r","pid":1,"host":"h","since":"s"}`],
    ['of another version', '{"schema":2}'],
  ])('%s is neither taken over nor passed over', async (_what, text) => {
    await mkdir(join(directory, 'locks'));
    await writeFile(join(directory, 'locks', `${name}.lock`), text);

    const error = { code: 'state-unwritable', where: expect.stringContaining(name) };
    await expect(locks().take(name, run)).rejects.toMatchObject(error);
    await expect(locks().holder(name)).rejects.toMatchObject(error);
    await sweepLocks(directory, run);
    expect(await readFile(join(directory, 'locks', `${name}.lock`), 'utf8')).toBe(text);
  });

  it('says so when it cannot be written, and reads nothing as nobody', async () => {
    await writeFile(join(directory, 'locks'), 'a file where a folder should be');

    await expect(locks().take(name, run)).rejects.toMatchObject({ code: 'state-unwritable' });
    expect(await fileLocks(join(directory, 'nowhere')).holder(name)).toBeUndefined();
  });
});

const gone: [string, object][] = [
  ['there is no such process', { pid: deadPid }],
  ['its number is another process by now', { start: '1' }],
  ['the host has booted since', { boot: 'another' }],
];

describe('a lock whose process is gone', () => {
  it.each(gone)('is taken over: %s', async (_what, record) => {
    await leave(record);
    expect(await locks().holder(name)).toBeUndefined();

    await takeOrFail();

    expect(await locks().holder(name)).toMatchObject({ run });
    expect(await files()).toEqual([`${name}.lock`]);
  });

  it('goes to one of many who want it at once', async () => {
    for (const _round of Array.from({ length: 10 })) {
      await leave({ pid: deadPid });

      const taken = await Promise.all(Array.from({ length: 15 }, (_, n) => locks().take(name, `run ${n}`)));

      expect(taken.filter((each) => 'release' in each)).toHaveLength(1);
      expect(await files()).toEqual([`${name}.lock`]);
      await rm(join(directory, 'locks'), { recursive: true });
    }
  });

  it('is taken over although others died while they took it over', async () => {
    const second = id.replace('8000', '8001');
    await leave({ pid: deadPid });
    await leave({ pid: deadPid, id: second }, `${id}.claim`);
    await leave({ pid: deadPid, id: id.replace('8000', '8002') }, `${second}.claim`);

    const taken = await Promise.all(Array.from({ length: 10 }, () => locks().take(name, run)));

    expect(taken.filter((each) => 'release' in each)).toHaveLength(1);
    expect(await files()).toEqual([`${name}.lock`]);
  });

  it('leaves nothing of those who died after they had taken one over', async () => {
    await leave({ pid: deadPid, id: id.replace('8000', '8004') }, `${id}.claim`);

    await takeOrFail();

    expect(await files()).toEqual([`${name}.lock`]);
  });

  it('does not go round for ever among claims that no run can have left', async () => {
    await leave({ pid: deadPid });
    await leave({ pid: deadPid }, `${id}.claim`);
    const record = { id, run: 'theirs', since, host: hostname(), pid: deadPid };

    await removeGone(join(directory, 'locks', `${name}.lock`), record, { ...record, pid: process.pid });

    expect(await files()).toEqual([`${id}.claim`, `${name}.lock`]);
  });

  it('waits for one who takes it over at this moment', async () => {
    await leave({ pid: deadPid });
    await leave({ run: 'sweeper' }, `${id}.claim`);
    const taking = locks().take(name, run);
    for (const _turn of Array.from({ length: 50 })) await new Promise(setImmediate);
    await rm(join(directory, 'locks', `${id}.claim`));

    expect(await taking).toHaveProperty('release');
  });

  it.each([
    ['of another host', { host: 'elsewhere', pid: deadPid, boot: 'another' }],
    ['of a process that runs', {}],
    ['of a process that runs, without /proc', { start: undefined, boot: undefined }],
  ])('is not one %s', async (_what, record) => {
    await leave(record);

    expect(await locks().take(name, run)).toMatchObject({ heldBy: { run: 'theirs' } });
    await sweepLocks(directory, run);
    expect(await files()).toEqual([`${name}.lock`]);
  });
});

describe('removeGone', () => {
  const dead = { id, run: 'theirs', since, host: hostname(), pid: deadPid };
  const mine = { ...dead, id: id.replace('8000', '8009'), pid: process.pid };

  it('leaves the lock to the one who claims it', async () => {
    await leave({ pid: deadPid });
    await leave({}, `${id}.claim`);

    await removeGone(join(directory, 'locks', `${name}.lock`), dead, mine);

    expect(await files()).toEqual([`${id}.claim`, `${name}.lock`]);
  });

  it('leaves a lock that somebody took since', async () => {
    await takeOrFail();

    await removeGone(join(directory, 'locks', `${name}.lock`), dead, mine);

    expect(await files()).toEqual([`${name}.lock`]);
  });
});

describe('sweepLocks', () => {
  it('removes what the dead left, and nothing of the living', async () => {
    await takeOrFail();
    await leave({ pid: deadPid }, 'dhcp-server-a.lock');
    await leave({ pid: deadPid }, `${id.replace('8000', '8003')}.claim`);

    await sweepLocks(directory, run);

    expect(await files()).toEqual([`${name}.lock`]);
  });

  it('finds nothing where there is nothing', async () => {
    await sweepLocks(directory, run);

    expect(await readdir(directory)).toEqual([]);
  });
});
