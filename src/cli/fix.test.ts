import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../test/support/run-program.ts';
import { openJournal } from '../state/journal.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truename-test-'));
  await writeFile(join(folder, 'alpha.nix'), '{ }\n');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('truename fix', () => {
  it.each([
    ['no guest', [], 'no guest is named'],
    [
      'a disruption that is none',
      ['alpha', '--max-disruption', 'much'],
      '--max-disruption is one of none, renew',
    ],
    ['a reach that is none', ['alpha', '--max-reach', 'world'], '--max-reach is one of guest, segment, site'],
    ['nobody at once', ['alpha', '--at-once', '0'], '--at-once needs a whole number from 1 to 64'],
    ['more at once than are', ['alpha', '--at-once', '65'], '--at-once needs a whole number from 1 to 64'],
    ['a side that is none', ['alpha', '--adopt', 'nonsense'], '--adopt is one of hypervisor, guest'],
    ['no time', ['alpha', '--timeout', '0'], '--timeout needs a whole number from 1 to 604800'],
    ['a configuration that is not there', ['alpha', '--config', '/nowhere/at/all'], 'cannot be read'],
  ])('refuses %s, and says so in its document too', async (_what, args, message) => {
    const { exitCode, result } = await run('fix', ...args, '--json');
    const shown = await run('fix', ...args);

    expect([exitCode, shown.exitCode]).toEqual([2, 2]);
    expect(JSON.parse(result)).toMatchObject({
      schema: 'truename/fix/1',
      exitCode: 2,
      run: null,
      guests: [],
      error: { message: expect.stringContaining(message) },
    });
    expect(shown.result).toContain(message);
  });
});

describe('truename undo', () => {
  it.each([
    ['no run', [], 'no run is named'],
    ['a run that nobody remembers', ['20260101-120000-0000'], 'no run 20260101-120000-0000 is remembered'],
    ['a run that is none', ['../pins'], 'no run ../pins is remembered'],
    ['no time', ['20260101-120000-0000', '--timeout', '0'], '--timeout needs a whole number'],
  ])('refuses %s, and says so in its document too', async (_what, args, message) => {
    const { exitCode, result } = await run('undo', ...args, '--state-dir', folder, '--json');

    expect(exitCode).toBe(2);
    expect(JSON.parse(result)).toMatchObject({
      schema: 'truename/undo/1',
      exitCode: 2,
      guests: [],
      error: { message: expect.stringContaining(message) },
    });
  });

  it('shows what a person wrote as text, whatever it would do to a terminal', async () => {
    expect((await run('undo', 'a\u001b[2J', '--state-dir', folder)).result).not.toContain('\u001b');
  });

  it('names the runs that wrote something, and changes nothing by that', async () => {
    const journal = openJournal(folder, {
      run: '20260101-120000-0000',
      command: 'fix',
      startedAt: '2026-01-01T12:00:00.000Z',
    });
    const ref = { hypervisor: 'pve', node: 'pve1', vmid: 610 };
    const guest = { ref, kind: 'vm', name: 'alpha', alias: 'truename-vm-610-uuid' } as const;
    await journal.writing(guest, { kind: 'static-name', was: 'template', wrote: 'alpha' });

    const { exitCode, result } = await run('undo', '--list', '--state-dir', folder);
    const { result: asJson } = await run('undo', '--list', '--state-dir', folder, '--json');

    expect([exitCode, result]).toEqual([
      0,
      '20260101-120000-0000  2026-01-01T12:00:00.000Z  1 guest, 1 written, 1 not put back\n',
    ]);
    expect(JSON.parse(asJson)).toMatchObject({
      schema: 'truename/runs/1',
      runs: [{ run: '20260101-120000-0000', writes: [{ guest, certain: false }] }],
    });
  });
});
