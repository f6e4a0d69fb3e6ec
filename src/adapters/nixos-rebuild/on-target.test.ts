import { describe, expect, it } from 'vitest';
import { type GivenScript, scriptedShell } from '../../../test/support/scripted-shell.ts';
import { SourceError } from '../../domain/error.ts';
import type { ConfigurationFile, ConfigurationFiles } from './configuration-files.ts';
import { buildOnTarget } from './on-target.ts';

const { signal } = new AbortController();
const text = `{ networking.hostName = "alpha"; } # '$(id)' ü\n`;
const evaluated = JSON.stringify({ name: 'alpha', path: '/nix/store/a-nixos' });

function file(path: string, content = text): ConfigurationFile {
  return { path, content: Buffer.from(content) };
}

function configuration(...files: readonly ConfigurationFile[]): ConfigurationFiles {
  return { files, absolute: [], bytes: files.reduce((sum, { content }) => sum + content.length, 0) };
}

function builder(
  shell: ReturnType<typeof scriptedShell>,
  changes: Partial<Parameters<typeof buildOnTarget>[0]> = {},
) {
  return buildOnTarget({ shell, name: 'alpha', configuration: configuration(file('alpha.nix')), ...changes });
}

/** The texts that scripts carry as base64. */
function carried(given: readonly GivenScript[]): string[] {
  return given.flatMap(({ args }) =>
    (args ?? []).map((each) => Buffer.from(each, 'base64').toString('utf8')),
  );
}

describe('a configuration that is put into the guest', () => {
  it('travels as an argument, whole, when it stands alone', async () => {
    const shell = scriptedShell();

    await builder(shell).prepare({ forceName: false }, signal);

    expect(shell.given).toMatchObject([{ root: true, args: ['alpha', '', expect.any(String)] }]);
    expect(carried(shell.given)).toContain(text);
    expect(shell.given[0]?.script).not.toContain('$(id)');
  });

  it('has a folder of its own when it reads others, and a file that imports it from there', async () => {
    const shell = scriptedShell();
    const files = configuration(file('alpha.nix'), file('parts/web.nix', '{ }'));

    await builder(shell, { configuration: files }).prepare({ forceName: false }, signal);

    const folder = shell.given[0]?.args?.[0];
    expect(folder).toMatch(/^\/etc\/nixos\/truename\/alpha-[0-9a-f]{16}$/);
    expect(shell.given[1]?.args).toEqual([
      folder,
      'alpha.nix',
      expect.any(String),
      'parts/web.nix',
      expect.any(String),
    ]);
    expect(carried(shell.given).at(-1)).toContain(
      `imports = [ ./${folder?.slice('/etc/nixos/'.length)}/alpha.nix ]`,
    );
    expect(carried(shell.given).at(-1)).not.toContain('mkForce');
  });

  it('is not sent a second time where just this content is there', async () => {
    const shell = scriptedShell({ stdout: 'there\n' });
    const files = configuration(file('alpha.nix'), file('b.nix'));

    await builder(shell, { configuration: files }).prepare({ forceName: false }, signal);

    expect(shell.given).toHaveLength(2);
  });

  it('declares the VM’s name above it where that is wanted', async () => {
    const shell = scriptedShell();

    await builder(shell).prepare({ forceName: true }, signal);

    expect(carried(shell.given).at(-1)).toContain('networking.hostName = lib.mkForce "alpha";');
  });

  it('is carried in pieces when it is big', async () => {
    const shell = scriptedShell();
    const files = configuration(file('alpha.nix'), file('big', 'x'.repeat(2_500_000)));

    await builder(shell, { configuration: files }).prepare({ forceName: false }, signal);

    const pieces = shell.given.flatMap(({ args = [] }) => (args.includes('big') ? [args.at(-1) ?? ''] : []));
    expect(pieces.length).toBeGreaterThan(2);
    expect(Buffer.concat(pieces.map((each) => Buffer.from(each, 'base64'))).length).toBe(2_500_000);
  });

  it('brings the hardware of the guest along where it imports that', async () => {
    const shell = scriptedShell();
    const hardware = '/etc/nixos/hardware-configuration.nix';
    const files = { ...configuration(file('alpha.nix')), absolute: [hardware] };

    await builder(shell, { configuration: files }).prepare({ forceName: false }, signal);

    expect(shell.given[0]).toMatchObject({ root: true, args: [hardware] });
    expect(shell.given[0]?.script).toContain('nixos-generate-config --show-hardware-config');
  });

  it('fails when it cannot be put there', async () => {
    const shell = scriptedShell({ exitCode: 1, stderr: 'No space left on device\n' });

    await expect(builder(shell).prepare({ forceName: false }, signal)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('No space left on device'),
      hint: expect.stringContaining('disk is full'),
    });
  });

  it('as a flake has no name declared above it', async () => {
    const flake = builder(scriptedShell(), { flake: 'alpha' });

    await expect(flake.prepare({ forceName: true }, signal)).rejects.toMatchObject({
      code: 'configuration-names-other',
    });
  });
});

describe('an evaluation in the guest', () => {
  it('gives the declared name, which may be empty, and the path', async () => {
    const shell = scriptedShell({ stdout: evaluated });

    expect(await builder(shell, { nixpkgs: '/n' }).evaluate(signal)).toEqual({
      declaredName: 'alpha',
      path: '/nix/store/a-nixos',
    });
    expect(shell.given[0]?.args).toEqual(
      expect.arrayContaining(['/etc/nixos/alpha.nix', '-I', 'nixpkgs=/n']),
    );
    expect(
      await builder(scriptedShell({ stdout: '{"name":"","path":"/p"}' })).evaluate(signal),
    ).toMatchObject({
      declaredName: '',
    });
  });

  it.each([
    { exitCode: 1, stdout: evaluated, stderr: 'error: infinite recursion' },
    { stdout: 'null' },
    { stdout: '{"name":5,"path":"/p"}' },
  ])('fails when it does not come to a system: %j', async (answer) => {
    await expect(builder(scriptedShell(answer)).evaluate(signal)).rejects.toMatchObject({
      code: 'evaluation-failed',
      where: 'ssh root@scripted',
    });
  });

  it.each([137, 247])('that is killed by %d is no mistake in the configuration', async (exitCode) => {
    const shell = scriptedShell({ exitCode });

    await expect(builder(shell).evaluate(signal)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('memory'),
    });
  });

  it('of a flake names its system', async () => {
    const shell = scriptedShell({ stdout: evaluated });
    const flake = builder(shell, { flake: 'web', configuration: configuration(file('flake.nix')) });

    await flake.prepare({ forceName: false }, signal).catch(() => undefined);
    await flake.evaluate(signal);

    expect(shell.given.at(-1)?.script).toContain('nix --extra-experimental-features');
    expect(shell.given.at(-1)?.args?.slice(0, 2)).toEqual([expect.stringContaining('/alpha-'), 'web']);
  });
});

describe('an activation in the guest', () => {
  it('passes on each line and keeps the last ones', async () => {
    const seen: string[] = [];
    const shell = scriptedShell(({ script }, { onLine }) => {
      if (!script.includes('exec nixos-rebuild')) return {};
      onLine?.('building');
      onLine?.('activating');
      return { exitCode: 4 };
    });

    const outcome = await builder(shell).activate('switch', (line) => seen.push(line), signal);

    expect(seen).toEqual(['building', 'activating']);
    expect(outcome).toEqual({ result: 'units-failed', exitCode: 4, tail: seen });
    expect(shell.given[1]?.args).toEqual(['/etc/nixos/alpha.nix', 'switch']);
  });

  it('whose session ends in its midst is neither a success nor a failure', async () => {
    const shell = scriptedShell(new SourceError('unreachable', 'ssh', 'no session'));

    expect(await builder(shell).activate('switch', () => undefined, signal)).toMatchObject({
      result: 'connection-lost',
    });
  });

  /** A guest whose profile is the older system, and after an activation another one, with lists of what inhibits a switch. */
  async function activated(exitCode: number, next: string, lists = '') {
    let asked = false;
    const shell = scriptedShell(({ script }) => {
      if (script.includes('nix-instantiate')) return { stdout: evaluated };
      if (!script.includes('exec nixos-rebuild'))
        return { stdout: asked ? `${next}\n${lists}` : '/nix/store/older\n' };
      asked = true;
      return { exitCode };
    });
    const under = builder(shell);
    await under.evaluate(signal);
    return (await under.activate('switch', () => undefined, signal)).result;
  }

  it.each([
    [
      'the profile’s system may not follow the running one',
      '{"dbus":"old"}',
      '{"dbus":"broker"}',
      'inhibited',
    ],
    ['both are of one kind', '{"dbus":"broker"}', '{"dbus":"broker"}', 'not-built'],
    ['a list is none', '{', '{"dbus":"broker"}', 'not-built'],
  ])('that fails is told apart: %s', async (_what, running, next, result) => {
    expect(await activated(1, '/nix/store/a-nixos', `${running}\n----\n${next}`)).toBe(result);
  });

  it('that fails before the profile was set is a build that failed, whatever an older one says', async () => {
    expect(await activated(1, '/nix/store/older', '{"dbus":"old"}\n----\n{"dbus":"broker"}')).toBe(
      'not-built',
    );
  });

  it('with 100 needs a boot where the profile was set, and is a builder that failed where it was not', async () => {
    expect(await activated(100, '/nix/store/a-nixos')).toBe('reboot-required');
    expect(await activated(100, '/nix/store/older')).toBe('not-built');
  });

  it.each([1, 100])('with %d is no failed build where the profile could not be read', async (exitCode) => {
    const shell = scriptedShell(({ script }) => (script.includes('exec nixos-rebuild') ? { exitCode } : {}));

    await expect(builder(shell).activate('switch', () => undefined, signal)).rejects.toMatchObject({
      code: 'bad-response',
    });
  });

  it('may set another path than the one that was evaluated', async () => {
    expect(await activated(100, '/nix/store/with-a-version')).toBe('reboot-required');
  });

  it('is taken back by the profile of before', async () => {
    const shell = scriptedShell();

    await builder(shell).rollBack(() => undefined, signal);

    expect(shell.given[0]?.script).toContain('--rollback');
  });
});
