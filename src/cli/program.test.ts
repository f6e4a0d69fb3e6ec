import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { exitCodes } from '../domain/exit-code.ts';
import { runProgram } from './program.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truename-test-'));
  await writeFile(join(folder, 'alpha.nix'), '{ }\n');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  let progress = '';
  let result = '';
  const exitCode = await runProgram(args, {
    progress: (text) => {
      progress += text;
    },
    result: (text) => {
      result += text;
    },
    live: false,
    colour: false,
  });
  return { exitCode, progress, result };
}

describe('truename', () => {
  it('prints its version', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, progress: '', result: `${packageFile.version}\n` });
  });

  it.each([[['--help']], [['rebuild', '--help']]])(
    '%j explains itself, exit codes included',
    async (args) => {
      const { exitCode, result } = await run(...args);

      expect(exitCode).toBe(0);
      for (const { code, meaning } of Object.values(exitCodes))
        expect(result).toContain(`  ${code}  ${meaning}`);
    },
  );

  it.each([
    ['nothing', []],
    ['an unknown command', ['rebuilt']],
    ['an unknown option', ['rebuild', 'alpha', '610', 'pve1', '--fast']],
    ['too few arguments', ['rebuild', 'alpha', '610']],
    ['too many arguments', ['rebuild', 'alpha', '610', 'pve1', 'a.nix', 'more']],
    ['an unknown place to build', ['rebuild', 'alpha', '610', 'pve1', '--build-on', 'moon']],
    ['an option without its value', ['rebuild', 'alpha', '610', 'pve1', '--timeout']],
  ])('does not understand %s, and does nothing', async (_what, args) => {
    const { exitCode, result, progress } = await run(...args);

    expect([exitCode, result]).toEqual([2, '']);
    expect(progress).not.toBe('');
  });
});

describe('truename rebuild', () => {
  it.each([
    ['a name that is none', ['al_pha', '610', 'pve1']],
    ['a name with a domain', ['alpha.internal', '610', 'pve1']],
    ['a reserved name', ['localhost', '610', 'pve1']],
    ['a number that is none', ['alpha', '61x', 'pve1']],
    ['a number of two digits', ['alpha', '61', 'pve1']],
    ['a number with a zero before it', ['alpha', '0610', 'pve1']],
    ['a number that is too large', ['alpha', '1000000000', 'pve1']],
    ['a node that is none', ['alpha', '610', 'pve1;id']],
    ['a node that reads as an option', ['--', 'alpha', '610', '-pve1']],
    ['no time', ['alpha', '610', 'pve1', '--timeout', '0']],
    ['endless time', ['alpha', '610', 'pve1', '--timeout', '9999999']],
  ])('refuses %s', async (_what, args) => {
    const { exitCode, progress, result } = await run('rebuild', ...args);

    expect([exitCode, result]).toEqual([2, '']);
    expect(progress).toMatch(/^error usage: /);
  });

  it('shows a name as text, whatever it would do to a terminal', async () => {
    expect((await run('rebuild', 'a\u001b[2J', '610', 'pve1')).progress).not.toContain('\u001b');
  });

  it('needs a Nix configuration that can be read', async () => {
    const missing = join(folder, 'missing.nix');

    const { exitCode, result } = await run('rebuild', 'alpha', '610', 'pve1', missing);

    expect(exitCode).toBe(2);
    expect(result).toContain(`error usage: there is no readable configuration ${missing}`);
  });

  it.each([
    ['cannot be read', 'missing.yaml'],
    ['says what it must not', 'bad.yaml'],
  ])('needs a truename.yaml that is right, and does nothing with one that %s', async (_what, name) => {
    await writeFile(join(folder, 'bad.yaml'), 'version: 1\nnonsense: true\n');

    const { exitCode, result } = await run(
      'rebuild',
      'alpha',
      '610',
      'pve1',
      join(folder, 'alpha.nix'),
      '--config',
      join(folder, name),
    );

    expect(exitCode).toBe(2);
    expect(result).toMatch(/error (?:configuration-invalid|usage): /);
  });

  it('refuses a hypervisor that is not configured, and leaves no folder behind', async () => {
    vi.stubEnv('TMPDIR', folder);

    const { exitCode, result } = await run(
      ...['rebuild', 'alpha', '610', 'pve1', join(folder, 'alpha.nix')],
      ...['--hypervisor', 'moon', '--state-dir', folder],
    );

    vi.unstubAllEnvs();
    expect([exitCode, await readdir(folder)]).toEqual([2, ['alpha.nix']]);
    expect(result).toContain('error usage: no hypervisor moon is configured');
  });

  it('says the same as one JSON document', async () => {
    const { exitCode, result, progress } = await run(
      'rebuild',
      'alpha',
      '610',
      'pve1',
      join(folder, 'missing.nix'),
      '--json',
    );

    expect(JSON.parse(result)).toMatchObject({
      schema: 'truename/rebuild/1',
      outcome: 'failed',
      exitCode,
      error: { code: 'usage' },
    });
    expect([exitCode, progress]).toEqual([2, '']);
  });
});
