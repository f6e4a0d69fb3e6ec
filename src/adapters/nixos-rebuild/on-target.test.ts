import { describe, expect, it } from 'vitest';
import { builder, configuration, evaluated, file } from '../../../test/support/build-on-target.ts';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { SourceError } from '../../domain/error.ts';

const { signal } = new AbortController();

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
    const shell = scriptedShell(({ script }, { onLine }) => {
      if (!script.includes('exec nixos-rebuild')) return { stdout: '/nix/store/older\n' };
      onLine?.('building');
      throw new SourceError('unreachable', 'ssh', 'no session');
    });

    expect(await builder(shell).activate('switch', () => undefined, signal)).toMatchObject({
      result: 'connection-lost',
      tail: ['building'],
    });
  });

  it('is not heard of where the session ends before what came of it could be read', async () => {
    const shell = scriptedShell(({ script }, { onLine }) => {
      if (!script.includes('exec nixos-rebuild')) throw new SourceError('unreachable', 'ssh', 'no session');
      onLine?.('building');
      return { exitCode: 1 };
    });

    expect(await builder(shell).activate('switch', () => undefined, signal)).toMatchObject({
      result: 'connection-lost',
    });
  });

  /**
   * A guest whose profile is the older system, and after an activation another one, with lists of what inhibits a
   * switch.
   */
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
