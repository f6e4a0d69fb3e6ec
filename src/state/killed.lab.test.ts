import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRuns } from './journal.ts';
import { sweepState } from './whole-state.ts';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'truename-test-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/**
 * Takes one lock again and again, and kills itself at some moment. While it holds the lock it says so in `owner`; who
 * finds another there that still runs has seen two holders.
 */
const worker = `
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
const [here, directory, run] = process.argv.slice(1);
const { fileLocks } = await import(here + '/locks.ts');
const { openJournal } = await import(here + '/journal.ts');
const { writtenNames } = await import(here + '/written-names.ts');
const locks = fileLocks(directory);
const journal = openJournal(directory, { run, command: 'fix', startedAt: 'now' });
const guest = { ref: { hypervisor: 'p', node: 'n', vmid: 1 }, kind: 'vm', name: 'a', alias: 'a' };
const write = { kind: 'static-name', was: 'x'.repeat(3000), wrote: 'a' };
const runs = async (pid) => {
  const stat = await readFile('/proc/' + pid + '/stat', 'utf8').catch(() => '');
  return stat !== '' && !/\\) [ZX] /.test(stat);
};
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20 + Math.random() * 600);
for (;;) {
  const taken = await locks.take('guest', run);
  if (!('release' in taken)) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    continue;
  }
  const owner = await readFile(directory + '/owner', 'utf8').catch(() => '');
  if (owner !== '' && await runs(owner)) await appendFile(directory + '/violations', owner + '\\n');
  await writeFile(directory + '/owner', String(process.pid));
  await journal.written(await journal.writing(guest, write));
  await writtenNames(directory).remember('guest', run + Math.random());
  await appendFile(directory + '/turns', '.');
  await rm(directory + '/owner');
  await taken.release();
}`;

async function work(until: number, lane: number): Promise<void> {
  for (let n = 0; Date.now() < until; n += 1) {
    const run = `20261126-${String(n).padStart(6, '0')}-000${lane}`;
    const args = ['--input-type=module', '-e', worker, import.meta.dirname, directory, run];
    const { signal, stderr } = await execa(process.execPath, args, { reject: false });
    if (signal !== 'SIGKILL') throw new Error(stderr);
  }
}

describe('runs that are killed at any moment', () => {
  it('never hold one lock both, and leave nothing that the next run trips over', async () => {
    await writeFile(join(directory, 'violations'), '');
    const until = Date.now() + 20_000;

    await Promise.all([1, 2, 3, 4].map((lane) => work(until, lane)));

    expect(await readFile(join(directory, 'violations'), 'utf8')).toBe('');
    expect((await readFile(join(directory, 'turns'), 'utf8')).length).toBeGreaterThan(30);
    expect((await listRuns(directory)).length).toBeGreaterThan(5);
    await sweepState(directory, 'sweep');
    expect(await readdir(join(directory, 'locks'))).toEqual([]);
    expect(await readdir(join(directory, 'written-names'))).toEqual(['guest']);
  });
});
