import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { leaseLine, rawInput } from '../../test/support/raw-evidence.ts';
import { run } from '../../test/support/run-program.ts';
import { makeBundle, renderBundle } from '../bundle/bundle.ts';
import {
  doctorExitCodes,
  exitCodes,
  fixExitCodes,
  leasesExitCodes,
  undoExitCodes,
} from '../domain/exit-code.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truename-test-'));
  await writeFile(join(folder, 'alpha.nix'), '{ }\n');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('truename', () => {
  it('prints its version', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, progress: '', result: `${packageFile.version}\n` });
  });

  it.each([
    ['rebuild', exitCodes],
    ['doctor', doctorExitCodes],
    ['leases', leasesExitCodes],
    ['fix', fixExitCodes],
    ['undo', undoExitCodes],
  ])('%s --help explains itself, exit codes included', async (command, codes) => {
    const { exitCode, result } = await run(command, '--help');

    expect(exitCode).toBe(0);
    for (const { code, meaning } of Object.values(codes)) expect(result).toContain(`  ${code}  ${meaning}`);
  });

  it('--help names every command', async () => {
    const { exitCode, result } = await run('--help');

    expect(exitCode).toBe(0);
    for (const command of ['doctor', 'bundle', 'explain', 'leases', 'fix', 'undo', 'rebuild'])
      expect(result).toContain(`\n  ${command} `);
  });

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
    ['a name with an odd domain', ['alpha.in_ternal', '610', 'pve1']],
    ['a file and a flake', ['alpha', '610', 'pve1', 'a.nix', '--flake', '.#alpha']],
    ['a flake that is none', ['alpha', '610', 'pve1', '--flake', '#alpha']],
    ['a system of a flake that is none', ['alpha', '610', 'pve1', '--flake', '.#a";']],
    ['packages that are nowhere', ['alpha', '610', 'pve1', '--nixpkgs', '../nixpkgs']],
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
    expect(exitCode).toBe(2);
    expect(progress).toMatch(/configuration +usage/);
  });
});

describe('truename doctor', () => {
  it.each([
    ['no guest', []],
    ['a guest and a bundle', ['alpha', '--bundle', 'x']],
    ['no time to listen', ['alpha', '--watch-wire', '0']],
    ['a time that is none', ['alpha', '--watch-wire', 'x']],
    ['more than an hour', ['alpha', '--watch-wire', '3601']],
    ['a bundle that is not there', ['--bundle', '/nowhere/at/all']],
  ])('does not understand %s, and says so in its document too', async (_what, args) => {
    const { exitCode, result } = await run('doctor', ...args, '--json');

    expect(exitCode).toBe(2);
    expect(JSON.parse(result)).toMatchObject({
      schema: 'truename/doctor/1',
      exitCode: 2,
      machines: [],
      error: { code: 'usage' },
    });
  });

  it('refuses a file that is no bundle', async () => {
    const file = join(folder, 'alpha.nix');

    const { exitCode, result } = await run('doctor', '--bundle', file);

    expect(exitCode).toBe(2);
    expect(result).toMatch(/^error bundle-invalid: it is no bundle/);
  });

  it('diagnoses a bundle with access to nothing', async () => {
    const { evidence } = await rawInput({ leases: leaseLine('tappaas-nixos') });
    const file = join(folder, 'one.bundle.json');
    await writeFile(file, renderBundle(makeBundle([evidence], { madeAt: evidence.takenAt, version: '0' })));

    const { exitCode, result } = await run('doctor', '--bundle', file);

    expect(exitCode).toBe(1);
    expect(result).toContain('✗ lease-name-is-template');
  });
});

describe('truename bundle', () => {
  it('leaves a file alone that is there already, and looks at nobody', async () => {
    const file = join(folder, 'alpha.nix');

    const { exitCode, progress } = await run('bundle', 'alpha', '--out', file);

    expect(exitCode).toBe(2);
    expect(progress).toContain('is there already');
    expect(await readFile(file, 'utf8')).toBe('{ }\n');
  });

  it('needs a guest', async () => {
    expect((await run('bundle')).exitCode).toBe(2);
  });
});
