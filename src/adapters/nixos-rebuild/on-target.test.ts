import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { buildOnTarget } from './on-target.ts';

const { signal } = new AbortController();
const configuration = `{ networking.hostName = "alpha"; } # '$(id)' ü\n`;

function builder(shell: ReturnType<typeof scriptedShell>) {
  return buildOnTarget({ shell, name: 'alpha', configuration });
}

describe('a build in the guest', () => {
  it('carries the configuration as an argument, whole', async () => {
    const shell = scriptedShell();

    await builder(shell).prepare(signal);

    const [name, encoded] = shell.given[0]?.args ?? [];
    expect(name).toBe('alpha');
    expect(Buffer.from(encoded ?? '', 'base64').toString('utf8')).toBe(configuration);
    expect(shell.given).toMatchObject([{ root: true }]);
  });

  it('fails when the configuration cannot be put there', async () => {
    const shell = scriptedShell({ exitCode: 1, stderr: 'Read-only file system\n' });

    await expect(builder(shell).prepare(signal)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('Read-only file system'),
    });
  });

  it('gives the declared name, which may be empty', async () => {
    expect(await builder(scriptedShell({ stdout: '"alpha"\n' })).declaredName(signal)).toBe('alpha');
    expect(await builder(scriptedShell({ stdout: '""\n' })).declaredName(signal)).toBe('');
  });

  it.each([{ exitCode: 1, stdout: '"alpha"', stderr: 'error: infinite recursion' }, { stdout: 'null' }])(
    'fails when it does not evaluate to a name: %j',
    async (answer) => {
      await expect(builder(scriptedShell(answer)).declaredName(signal)).rejects.toMatchObject({
        code: 'build-failed',
        where: 'ssh root@scripted',
      });
    },
  );

  it('switches, passing on each line and keeping the last ones', async () => {
    const seen: string[] = [];
    const shell = scriptedShell((_given, { onLine }) => {
      onLine?.('building');
      onLine?.('activating');
      return { exitCode: 4 };
    });

    const outcome = await builder(shell).switch((line) => seen.push(line), signal);

    expect(seen).toEqual(['building', 'activating']);
    expect(outcome).toEqual({ result: 'units-failed', exitCode: 4, tail: seen });
    expect(shell.given[0]?.script).toContain('nixos-rebuild switch');
  });
});
