import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import type { ProcessOptions, ProcessResult, RunProcess } from '../../lib/process.ts';
import { buildOnController } from './on-controller.ts';

const { signal } = new AbortController();
const evaluated = JSON.stringify({ name: 'alpha', path: '/nix/store/a-nixos' });
const newHelp = 'usage: nixos-rebuild [--no-reexec] [--sudo] [--use-remote-sudo]';
const oldHelp = 'nixos-rebuild [--fast] [--use-remote-sudo] switch';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'controller '));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Call {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: ProcessOptions;
}

function fake(result: Partial<ProcessResult>, lines: readonly string[] = [], help = newHelp) {
  const calls: Call[] = [];
  const run: RunProcess = async (file, args, options) => {
    const base = { exitCode: 0, stdout: '', stderr: '', ended: 'exit' } as const;
    if (args[0] === '--help') return { ...base, stdout: help };
    calls.push({ file, args, options });
    for (const line of lines) options.onLine?.(line);
    return { ...base, ...result };
  };
  return { run, calls };
}

/** A guest whose profile is another system after each look. */
function profile() {
  let looks = 0;
  return scriptedShell(() => {
    looks += 1;
    return { stdout: `/nix/store/${looks}\n` };
  });
}

function builder(run: RunProcess, changes: Partial<Parameters<typeof buildOnController>[0]> = {}) {
  const files = [{ path: 'alpha.nix', content: Buffer.from('{ }'), executable: false }];
  return buildOnController({
    run,
    name: 'alpha',
    configuration: { files, absolute: [], bytes: 3 },
    folder,
    shell: profile(),
    targetHost: 'tappaas@10.2.10.5',
    sshOptions: ['-T', '-o', 'BatchMode=yes'],
    sudo: true,
    ...changes,
  });
}

describe('a build on the controller', () => {
  it('refuses an ssh option that nix would take apart', async () => {
    const under = builder(fake({}).run, { sshOptions: ['-o', 'IdentityFile="/my keys/id"'] });

    await expect(under.prepare({ forceName: false }, signal)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it.each([
    '/etc/nixos/hardware-configuration.nix',
    '/etc/nixos/configuration.nix',
    '/etc/nix/../nixos/hardware-configuration.nix',
  ])('refuses a configuration that would take the hardware of this machine: %s', async (path) => {
    const configuration = { files: [], absolute: [path], bytes: 0 };
    const under = builder(fake({}).run, { configuration });

    await expect(under.prepare({ forceName: false }, signal)).rejects.toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('--build-on target'),
    });
  });

  it('builds a copy, with the VM’s name above it where that is wanted', async () => {
    const { run, calls } = fake({ stdout: evaluated });
    const under = builder(run);
    await under.prepare({ forceName: true }, signal);

    expect(await under.evaluate(signal)).toMatchObject({ declaredName: 'alpha' });
    const wrapper = await readFile(join(folder, '.truename.nix'), 'utf8');
    expect(wrapper).toContain(`imports = [ (/. + "${folder}/alpha.nix") ]`);
    expect(wrapper).toContain('lib.mkForce "alpha"');
    expect(calls[0]?.args).toContain(`nixos-config=${folder}/.truename.nix`);
  });

  it('tells a configuration that does not evaluate from a machine without nix', async () => {
    await expect(
      builder(fake({ exitCode: 1, stderr: 'error: x' }).run).evaluate(signal),
    ).rejects.toMatchObject({ code: 'evaluation-failed' });
    const missing = builder(fake({ exitCode: undefined, ended: 'not-found' }).run);
    await expect(missing.evaluate(signal)).rejects.toMatchObject({ code: 'program-missing' });
    await expect(missing.activate('switch', () => undefined, signal)).rejects.toMatchObject({
      code: 'program-missing',
    });
  });

  it('switches at the target, through ssh as pinned', async () => {
    const { run, calls } = fake({ exitCode: 100 }, ['copying']);
    const seen: string[] = [];

    const outcome = await builder(run, { nixpkgs: '/n' }).activate(
      'switch',
      (line) => seen.push(line),
      signal,
    );

    expect(outcome).toEqual({ result: 'reboot-required', exitCode: 100, tail: ['copying'] });
    expect(seen).toEqual(['copying']);
    expect(calls[0]).toMatchObject({
      file: 'nixos-rebuild',
      options: { env: { NIX_SSHOPTS: '-T -o BatchMode=yes' } },
    });
    expect(calls[0]?.args).toEqual(
      expect.arrayContaining(['--target-host', 'tappaas@10.2.10.5', '-I', 'nixpkgs=/n']),
    );
  });

  it.each([
    [newHelp, ['--sudo', '--no-reexec'], ['--use-remote-sudo', '--fast']],
    [oldHelp, ['--use-remote-sudo', '--fast'], ['--sudo', '--no-reexec']],
  ])('speaks as the program that is here does: %s', async (help, said, unsaid) => {
    const { run, calls } = fake({}, [], help);

    await builder(run).activate('boot', () => undefined, signal);

    expect(calls[0]?.args).toEqual(expect.arrayContaining(said));
    expect(calls[0]?.args.filter((each) => unsaid.includes(each))).toEqual([]);
  });

  it('names the system of a flake', async () => {
    const { run, calls } = fake({ stdout: evaluated });
    const under = builder(run, { flake: 'web' });
    await under.evaluate(signal);
    await under.activate('switch', () => undefined, signal);

    expect(calls[0]?.args).toContain(`path:${folder}#nixosConfigurations."web".config`);
    expect(calls[1]?.args).toEqual(expect.arrayContaining(['--flake', `path:${folder}#web`]));
  });

  it('needs no sudo as root, and takes a build that did not end for one that failed', async () => {
    const { run, calls } = fake({ exitCode: undefined, ended: 'timeout' });

    const outcome = await builder(run, { sudo: false }).activate('switch', () => undefined, signal);

    expect(outcome.result).toBe('not-built');
    expect(calls[0]?.args).not.toContain('--sudo');
  });

  it('does not take a lost session for a build that failed', async () => {
    const { run } = fake({ exitCode: 255 });

    expect((await builder(run).activate('switch', () => undefined, signal)).result).toBe('connection-lost');
  });
});
