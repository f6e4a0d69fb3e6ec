import { copyFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNixosController, type NixosController } from '../../lab/nixos-controller.ts';
import { checkout } from '../../lab/paths.ts';
import { nodeHost } from '../../lab/segments.ts';
import type { RebuildReport } from '../../src/cli/report.ts';
import { buildPackage } from '../set-up/package.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let nixos: NixosController;

const vmid = 880;
const rebuild = ['rebuild', 'omega', String(vmid), nodeHost.name];

beforeAll(async () => {
  stage = await openStage();
  const folder = await stage.folder('checkout');
  await buildPackage(folder);
  await cp(join(checkout, 'nix'), join(folder, 'nix'), { recursive: true });
  nixos = await makeNixosController(stage.lab, join(folder, 'nix/package.nix'));
  const nix = '{ imports = [ /etc/nixos/plain.nix ]; networking.hostName = "omega"; }\n';
  await writeFile(join(nixos.site, 'omega.nix'), nix);
  await stage.clone(9001, vmid, 'omega', 'mgmt');
  await stage.booted(vmid);
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

/** What a run printed as its JSON document, with how it ended. */
async function report(program: readonly string[], options: Parameters<NixosController['run']>[1] = {}) {
  const { exitCode, stdout, stderr } = await nixos.run([...program, '--json'], options);
  expect(stdout, stderr).not.toBe('');
  return { exitCode, report: JSON.parse(stdout) as RebuildReport };
}

describe('the place', () => {
  it('has nothing at the places that other Linux systems have', async () => {
    const folders = ['', 'bin', 'usr', 'usr/bin'].map((folder) => readdir(join(nixos.tree, folder)));

    expect(await Promise.all(folders)).toEqual([
      ['bin', 'dev', 'etc', 'home', 'nix', 'proc', 'run', 'sys', 'tmp', 'usr'],
      ['sh'],
      ['bin'],
      ['env'],
    ]);
    const programs = 'env node ssh nix nixos-rebuild awk sed grep mktemp';
    const found = await nixos.run(['sh', '-c', `for each in ${programs}; do command -v $each; done; :`]);
    expect(found).toEqual({ exitCode: 0, stdout: '/run/current-system/sw/bin/env', stderr: '' });
  });

  it('starts no program that was built for another Linux', async () => {
    await copyFile(process.execPath, join(nixos.site, 'node'));

    const { exitCode, stderr } = await nixos.run(['./node', '--version']);
    await rm(join(nixos.site, 'node'));

    expect([exitCode, stderr]).toEqual([
      127,
      expect.stringMatching(/^\S*env: .\.\/node.: No such file or directory$/),
    ]);
  });
});

describe('truename as a link in ~/bin to its package in the store', () => {
  it('is found by its name, and shows its help and its documents', async () => {
    const link = await nixos.run(['readlink', '-f', '/home/admin/bin/truename']);
    const help = await nixos.run(['truename', '--help']);
    const other = await nixos.run(['rebuild-nixos.sh', '--help']);
    const page = await nixos.run(['truename', 'explain', 'lease-has-no-name']);

    expect(link.stdout).toMatch(/^\/nix\/store\/[0-9a-z]{32}-truename-\d+\.\d+\.\d+\/bin\/truename$/);
    expect([help, other, page].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(help.stdout).toContain('Usage: truename');
    expect(other.stdout).toContain('Usage: truename rebuild');
    expect(page.stdout).toContain('lease-has-no-name');
  });

  it('looks, and changes nothing in a dry run', async () => {
    const ran = await report(['truename', ...rebuild, '--dry-run']);

    expect([ran.exitCode, ran.report.outcome], JSON.stringify(ran.report.error)).toEqual([0, 'planned']);
    expect((await stage.lease(vmid, 'mgmt'))?.name).toBe('tappaas-nixos');
  });

  it('rebuilds a guest and proves it, with the ssh of its package where there is no other', async () => {
    const ran = await report(['rebuild-nixos.sh', ...rebuild.slice(1)]);

    expect([ran.exitCode, ran.report.outcome], JSON.stringify(ran.report.error)).toEqual([0, 'proven']);
    expect((await stage.lease(vmid, 'mgmt'))?.name).toBe('omega');
    expect((await stage.inGuest(vmid, 'uname -n')).trim()).toBe('omega');
  });

  it('reaches node and firewall by ssh too, as the conventions say where there is no configuration', async () => {
    const words = [...rebuild, '/home/admin/site/omega.nix'];

    const ran = await report(['truename', ...words], { cwd: '/home/admin' });

    expect([ran.exitCode, ran.report.outcome], JSON.stringify(ran.report.error)).toEqual([0, 'proven']);
    expect(ran.report.segment).toBe('mgmt');
  });

  it('takes the ssh that the user has, before that of its package', async () => {
    const own = join(nixos.site, '../bin/ssh');
    const script = `#!/bin/sh\necho "$*" >>/home/admin/ssh.log\nexec ${nixos.openssh}/bin/ssh "$@"\n`;
    await writeFile(own, script, { mode: 0o755 });

    const ran = await report(['truename', ...rebuild]);
    await rm(own);

    expect([ran.exitCode, ran.report.outcome], JSON.stringify(ran.report.error)).toEqual([0, 'proven']);
    expect(await readFile(join(nixos.site, '../ssh.log'), 'utf8')).toContain('firewall.mgmt.internal');
  });
});

describe('what is not installed there', () => {
  it('is named when it is ssh, before anybody is asked', async () => {
    const script = await nixos.run(['cat', '/home/admin/bin/truename']);
    const [node, main] = [...script.stdout.matchAll(/\/nix\/store\/\S+\/(?:node|main\.js)\b/g)].map(String);

    const ran = await report([node ?? '', main ?? '', ...rebuild]);

    expect(ran.exitCode).toBe(1);
    expect(ran.report.error).toMatchObject({
      code: 'program-missing',
      message: 'ssh is not on the PATH of this machine',
      hint: expect.stringContaining('OpenSSH client'),
    });
    expect(ran.report.steps.map(({ step }) => step)).toEqual(['configuration']);
  });

  it('is named when it is nix, before anybody is asked', async () => {
    const ran = await report(['truename', ...rebuild, '--build-on', 'controller', '--dry-run']);

    expect(ran.exitCode).toBe(1);
    expect(ran.report.error).toMatchObject({
      code: 'program-missing',
      message: 'nix (nix-instantiate) is not on the PATH here',
      hint: expect.stringContaining('--build-on target'),
    });
    expect(ran.report.steps.map(({ step }) => step)).toEqual(['configuration']);
  });

  it('is named when it is nixos-rebuild, where there is Nix', async () => {
    const folder = await stage.folder('debian', {});
    await copyFile(join(nixos.site, 'omega.nix'), join(folder, 'omega.nix'));
    const words = [...rebuild, '--build-on', 'controller', '--json'];

    const { exitCode, stdout } = await stage.truename(folder, words, undefined, { PATH: '/usr/bin:/bin' });

    const { error, steps } = JSON.parse(stdout) as RebuildReport;
    expect([exitCode, error?.code]).toEqual([1, 'program-missing']);
    expect(error?.message).toBe('nixos-rebuild is not on the PATH here');
    expect(steps.map(({ step }) => step)).toEqual(['configuration']);
  });
});
