import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const command = path.join(import.meta.dirname, 'bin/nixos-rebuild');
const system = '/nix/store/0000-nixos-system-web-25.11';
const profile = '/nix/var/nix/profiles/system';
const transient =
  'systemd-run -E LOCALE_ARCHIVE -E NIXOS_INSTALL_BOOTLOADER -E NIXOS_NO_CHECK --collect --no-ask-password --pipe ' +
  '--quiet --service-type=exec --unit=nixos-rebuild-switch-to-configuration';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'nixos-rebuild-'));
  await mkdir(path.join(directory, 'bin'));
  for (const name of [
    'nix-instantiate',
    'nix-env',
    'nix-copy-closure',
    'systemd-run',
    'sudo',
    'ssh',
    'test',
    'env',
  ]) {
    await shim(name, 'exit 0');
  }
  await shim('nix-build', `echo ${system}`);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Puts a program before the machine's own. */
async function shim(name: string, script: string): Promise<void> {
  const file = path.join(directory, 'bin', name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** Runs the command with the shims and reads what it issued. */
async function rebuild(arguments_: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const log = path.join(directory, 'log');
  const answer = await execa('/bin/sh', [command, ...arguments_], {
    env: {
      PATH: `${path.join(directory, 'bin')}:/usr/bin:/bin`,
      NIXOS_REBUILD_LOG: log,
      TMPDIR: directory,
      ...environment,
    },
    extendEnv: false,
    reject: false,
  });
  const issued = await readFile(log, 'utf8').catch(() => '');
  const withoutControlPath = issued.replaceAll(/ControlPath=\S+/g, 'ControlPath=X');
  return { ...answer, issued: withoutControlPath.split('\n').filter((line) => line !== '') };
}

describe('arguments', () => {
  it.each([
    [['switch', '--no-flake', '--frobnicate'], 'nixos-rebuild: error: unrecognized arguments: --frobnicate'],
    [['switch', '--roll'], 'nixos-rebuild: error: unrecognized arguments: --roll'],
    [['switch', 'boot'], 'nixos-rebuild: error: unrecognized arguments: boot'],
    [['frobnicate'], "invalid choice: 'frobnicate'"],
    [[], 'nixos-rebuild: error: the following arguments are required:'],
    [['switch', '--option', 'cores'], 'nixos-rebuild: error: argument --option: expected 2 arguments'],
    [['list-generations', '--target-host', 'web'], 'is not supported with list-generations'],
  ])('refuses %j like an argument parser', async (arguments_, message) => {
    const answer = await rebuild(arguments_);

    expect(answer.exitCode).toBe(2);
    expect(answer.stderr).toContain(message);
    expect(answer.issued).toEqual([]);
  });

  it.each([
    [['switch', '--flake', '.']],
    [['switch', '--build-host', 'builder']],
    [['switch', '--upgrade']],
    [['switch', '--specialisation', 'x']],
    [['build-vm']],
  ])('does not pretend to support %j', async (arguments_) => {
    const answer = await rebuild(arguments_);

    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain('stand-in: not supported');
    expect(answer.issued).toEqual([]);
  });

  it('warns of a deprecated flag and goes on', async () => {
    const answer = await rebuild(['build', '--no-flake', '--fast']);

    expect(answer.exitCode).toBe(0);
    expect(answer.stderr).toContain('--fast deprecated');
    expect(answer.stderr).toContain('nixos-rebuild (stand-in)');
  });
});

describe('the commands of switch', () => {
  it('on the target', async () => {
    const answer = await rebuild([
      'switch',
      '--no-flake',
      '-I',
      'nixos-config=/etc/nixos/my vm.nix',
      '--show-trace',
    ]);

    const flags = "-I 'nixos-config=/etc/nixos/my vm.nix'";
    expect(answer.issued).toEqual([
      `nix-instantiate --find-file nixpkgs ${flags}`,
      `nix-build '<nixpkgs/nixos>' --attr config.system.build.nixos-rebuild ${flags} --show-trace --no-out-link`,
      `nix-build '<nixpkgs/nixos>' --attr config.system.build.toplevel ${flags} --show-trace --no-out-link`,
      `test -f ${system}/nixos-version`,
      `nix-env -p ${profile} --set ${system}`,
      'test -d /run/systemd/system',
      `${transient} ${system}/bin/switch-to-configuration switch`,
    ]);
    expect(answer.stdout).toBe(system);
    expect(answer.stderr).toContain('Done. The new configuration is');
  });

  it('on another machine, as root there', async () => {
    const answer = await rebuild(
      ['switch', '--no-flake', '--no-reexec', '--target-host', 'me@web', '--sudo'],
      {
        NIX_SSHOPTS: '-i key',
      },
    );

    const ssh = 'ssh -i key -o ControlMaster=auto -o ControlPath=X -o ControlPersist=60 me@web --';
    expect(answer.issued.slice(2)).toEqual([
      `nix-copy-closure --to me@web ${system}`,
      `${ssh} 'test -f ${system}/nixos-version'`,
      `${ssh} 'sudo nix-env -p ${profile} --set ${system}'`,
      `${ssh} 'test -d /run/systemd/system'`,
      `${ssh} 'sudo env NIXOS_INSTALL_BOOTLOADER=0 ${transient} ${system}/bin/switch-to-configuration switch'`,
    ]);
  });

  it('sets no profile for test', async () => {
    const answer = await rebuild(['test', '--no-flake', '--no-reexec']);

    expect(answer.issued.some((line) => line.startsWith('nix-env'))).toBe(false);
    expect(answer.issued.at(-1)).toBe(`${transient} ${system}/bin/switch-to-configuration test`);
  });

  it('goes back a generation', async () => {
    const answer = await rebuild(['switch', '--rollback']);

    expect(answer.issued).toEqual([
      `nix-env --rollback -p ${profile}`,
      'test -d /run/systemd/system',
      `${transient} ${profile}/bin/switch-to-configuration switch`,
    ]);
  });
});

describe('exit codes', () => {
  it.each([1, 2, 4, 100])('passes on %i of the switch', async (code) => {
    await shim('systemd-run', `exit ${code}`);

    const answer = await rebuild(['switch', '--no-flake', '--no-reexec']);

    expect(answer.exitCode).toBe(code);
    expect(answer.stderr).not.toContain('Done.');
  });

  it('stops at a build that fails', async () => {
    await shim('nix-build', 'exit 1');

    const answer = await rebuild(['switch', '--no-flake', '--no-reexec']);

    expect(answer.exitCode).toBe(1);
    expect(answer.issued.some((line) => line.startsWith('nix-env'))).toBe(false);
  });

  it('passes on a lost connection', async () => {
    await shim('nix-copy-closure', 'exit 255');

    const answer = await rebuild(['switch', '--no-flake', '--no-reexec', '--target-host', 'web']);

    expect(answer.exitCode).toBe(255);
  });
});
