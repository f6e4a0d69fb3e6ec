import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIsolatedNix, type IsolatedNix } from './isolated-nix.ts';

let nix: IsolatedNix;
beforeAll(async () => {
  nix = await createIsolatedNix();
});
afterAll(() => nix.dispose());

const template = path.join(import.meta.dirname, 'template');

/** Builds a configuration of the template folder, or one given as text, and returns its store path. */
async function system(name: string, text?: string): Promise<string> {
  const file = text === undefined ? path.join(template, name) : await nix.writeConfiguration(name, text);
  const answer = await nix.build(file);
  expect(answer.exitCode, answer.stderr).toBe(0);
  return answer.stdout.trim();
}

describe('the system as a store path', () => {
  it('is laid out as NixOS lays it out', async () => {
    const out = await system('ensure-profiles.nix');

    expect((await readdir(out)).sort()).toEqual([
      'activate',
      'bin',
      'boot.json',
      'configuration-name',
      'dry-activate',
      'etc',
      'init',
      'init-interface-version',
      'initrd',
      'kernel',
      'kernel-modules',
      'kernel-params',
      'nixos-version',
      'specialisation',
      'sw',
      'switch-inhibitors',
      'system',
      'systemd',
    ]);
    expect(path.basename(out)).toMatch(/^[a-z0-9]{32}-nixos-system-tappaas-nixos-25\.11-stand-in$/);
    expect(await readlink(path.join(out, 'etc'))).toMatch(/-etc\/etc$/);
    expect(await readFile(path.join(out, 'etc/hostname'), 'utf8')).toBe('tappaas-nixos\n');
    const boot: unknown = JSON.parse(await readFile(path.join(out, 'boot.json'), 'utf8'));
    expect(boot).toMatchObject({ 'org.nixos.bootspec.v1': { toplevel: out, init: `${out}/init` } });
  });

  it('declares no host name file for an empty name, and says so in its own name', async () => {
    const out = await system('empty.nix', '{ networking.hostName = ""; }');

    expect(path.basename(out)).toContain('nixos-system-unnamed-');
    await expect(lstat(path.join(out, 'etc/hostname'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('needs a reboot for another kernel or initrd, and for nothing else', async () => {
    const parts = ['kernel', 'initrd', 'kernel-modules'];
    const paths = async (out: string) => Promise.all(parts.map((part) => realpath(path.join(out, part))));
    const base = await paths(await system('base.nix', '{ networking.hostName = "one"; }'));
    const renamed = await paths(await system('renamed.nix', '{ networking.hostName = "two"; }'));
    const kernel = await paths(
      await system('kernel.nix', '{ pkgs, ... }: { boot.kernelPackages = pkgs.linuxPackages_6_18; }'),
    );
    const initrd = await paths(await system('initrd.nix', '{ boot.initrd.kernelModules = [ "dm_mod" ]; }'));

    expect(renamed).toEqual(base);
    expect(kernel.map((value, index) => value === base[index])).toEqual([false, false, false]);
    expect(initrd.map((value, index) => value === base[index])).toEqual([true, false, true]);
  });

  it('writes declared profiles after NetworkManager has started', async () => {
    const out = await system('ensure-profiles.nix');
    const units = path.join(out, 'etc/systemd/system');
    const unit = await readFile(path.join(units, 'NetworkManager-ensure-profiles.service'), 'utf8');
    const wanted = await readdir(path.join(units, 'multi-user.target.wants'));

    expect(unit).toContain('After=NetworkManager.service\n');
    expect(unit).toContain('Before=network-online.target\n');
    expect(unit).toContain('UMask=0177\n');
    expect(unit).not.toContain('RemainAfterExit');
    expect(wanted).toContain('NetworkManager-ensure-profiles.service');
    const script = await readFile(/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '', 'utf8');
    expect(script).toMatch(
      /> \/run\/NetworkManager\/system-connections\/tappaas-ethernet\.nmconnection\nnmcli connection reload/,
    );
  });

  it('holds scripts that a POSIX shell can read', async () => {
    const out = await system('ensure-profiles.nix');

    for (const script of ['activate', 'dry-activate', 'init', 'bin/switch-to-configuration']) {
      const answer = await execa('sh', ['-n', path.join(out, script)], { reject: false });
      expect(answer.stderr).toBe('');
    }
  });
});

describe('switch-to-configuration on a machine that is no guest of the lab', () => {
  it('refuses', async () => {
    const out = await system('plain.nix');

    const answer = await execa(path.join(out, 'bin/switch-to-configuration'), ['switch'], { reject: false });

    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain('This is not a NixOS installation!');
  });

  it('shows its usage for an unknown action', async () => {
    const out = await system('plain.nix');

    const answer = await execa(path.join(out, 'bin/switch-to-configuration'), ['frobnicate'], {
      reject: false,
    });

    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toMatch(/^Usage: .*\[check\|switch\|boot\|test\|dry-activate\]/);
  });
});
