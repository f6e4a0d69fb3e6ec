import { describe, expect, it } from 'vitest';
import type { ProcessOptions, ProcessResult, RunProcess } from '../../lib/process.ts';
import { buildOnController } from './on-controller.ts';

const { signal } = new AbortController();

function fake(result: Partial<ProcessResult>, lines: readonly string[] = []) {
  const calls: { file: string; args: readonly string[]; options: ProcessOptions }[] = [];
  const run: RunProcess = async (file, args, options) => {
    calls.push({ file, args, options });
    for (const line of lines) options.onLine?.(line);
    return { exitCode: 0, stdout: '', stderr: '', ended: 'exit', ...result };
  };
  return { run, calls };
}

function builder(run: RunProcess, sshOptions = ['-T', '-o', 'BatchMode=yes'], sudo = true) {
  return buildOnController({
    run,
    file: '/work dir/alpha.nix',
    targetHost: 'tappaas@10.2.10.5',
    sshOptions,
    sudo,
  });
}

describe('a build on the controller', () => {
  it('refuses an ssh option that nix would take apart', async () => {
    await expect(
      builder(fake({}).run, ['-o', 'IdentityFile="/my keys/id"']).prepare(signal),
    ).rejects.toMatchObject({ code: 'unsupported' });
    await expect(builder(fake({}).run).prepare(signal)).resolves.toBeUndefined();
  });

  it('evaluates the name without a shell', async () => {
    const { run, calls } = fake({ stdout: '"alpha"\n' });

    expect(await builder(run).declaredName(signal)).toBe('alpha');
    expect(calls[0]).toMatchObject({
      file: 'nix-instantiate',
      args: expect.arrayContaining(['nixos-config=/work dir/alpha.nix']),
    });
  });

  it('tells a configuration that does not evaluate from a machine without nix', async () => {
    await expect(
      builder(fake({ exitCode: 1, stderr: 'error: x' }).run).declaredName(signal),
    ).rejects.toMatchObject({ code: 'build-failed' });
    await expect(
      builder(fake({ exitCode: undefined, ended: 'not-found' }).run).declaredName(signal),
    ).rejects.toMatchObject({ code: 'program-missing' });
    await expect(
      builder(fake({ exitCode: undefined, ended: 'not-found' }).run).switch(() => undefined, signal),
    ).rejects.toMatchObject({
      code: 'program-missing',
    });
  });

  it('switches at the target, through ssh as pinned', async () => {
    const { run, calls } = fake({ exitCode: 100 }, ['copying']);
    const seen: string[] = [];

    const outcome = await builder(run).switch((line) => seen.push(line), signal);

    expect(outcome).toEqual({ result: 'reboot-required', exitCode: 100, tail: ['copying'] });
    expect(seen).toEqual(['copying']);
    expect(calls[0]).toMatchObject({
      file: 'nixos-rebuild',
      options: { env: { NIX_SSHOPTS: '-T -o BatchMode=yes' } },
    });
    expect(calls[0]?.args).toEqual(expect.arrayContaining(['--target-host', 'tappaas@10.2.10.5', '--sudo']));
  });

  it('needs no sudo as root, and takes a build that did not end for one that failed', async () => {
    const { run, calls } = fake({ exitCode: undefined, ended: 'timeout' });

    const outcome = await builder(run, [], false).switch(() => undefined, signal);

    expect(outcome.result).toBe('not-built');
    expect(calls[0]?.args).not.toContain('--sudo');
  });
});
