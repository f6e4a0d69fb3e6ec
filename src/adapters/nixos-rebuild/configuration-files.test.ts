import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfigurationFiles, readFlakeFiles } from './configuration-files.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'configuration-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
}

async function pathsOf(file = 'site/alpha.nix'): Promise<string[]> {
  const { files } = await readConfigurationFiles(join(home, file));
  return files.map(({ path }) => path);
}

describe('what travels with a configuration', () => {
  it('is what its text leads to, over Nix files, and nothing else of the folder', async () => {
    await put({
      'site/alpha.nix': '{ imports = [ ./parts/web.nix /etc/nixos/hardware-configuration.nix ./parts ]; }',
      'site/parts/web.nix': 'builtins.readFile ../motd',
      'site/parts/default.nix': '{ }',
      'site/motd': 'hello',
      'site/beta.nix': '{ }',
      'other/secret.nix': '{ }',
    });

    const { files, absolute, bytes } = await readConfigurationFiles(join(home, 'site/alpha.nix'));

    expect(files.map(({ path }) => path)).toEqual([
      'alpha.nix',
      'parts/web.nix',
      'motd',
      'parts/default.nix',
    ]);
    expect(absolute).toEqual(['/etc/nixos/hardware-configuration.nix']);
    expect(bytes).toBe(files.reduce((sum, { content }) => sum + content.length, 0));
  });

  it('is the file alone where it names nothing, whatever lies beside it', async () => {
    await put({ 'alpha.nix': '{ }', 'private.txt': 'x', '.ssh/id_ed25519': 'x' });

    expect(await pathsOf('alpha.nix')).toEqual(['alpha.nix']);
  });

  it('may name what is not there: evaluation says whether it is needed', async () => {
    await put({ 'site/alpha.nix': 'if builtins.pathExists ./local.nix then ./local.nix else { }' });

    expect(await pathsOf()).toEqual(['alpha.nix']);
  });

  it('leads in circles once', async () => {
    await put({ 'site/alpha.nix': './b.nix', 'site/b.nix': './alpha.nix' });

    expect(await pathsOf()).toEqual(['alpha.nix', 'b.nix']);
  });

  it.each([
    ['out of the folder', { 'site/alpha.nix': '../outside.nix', 'outside.nix': '' }],
    ['to the key of a person', { 'site/alpha.nix': './id_ed25519', 'site/id_ed25519': 'x' }],
    ['to a private key', { 'site/alpha.nix': './tls/site.key', 'site/tls/site.key': 'x' }],
    ['into git', { 'site/alpha.nix': './.git/config', 'site/.git/config': 'x' }],
    ['to the environment of a program', { 'site/alpha.nix': './.env', 'site/.env': 'x' }],
  ])('never leads %s', async (_what, files) => {
    await put(files);

    await expect(pathsOf()).rejects.toMatchObject({ code: 'configuration-invalid' });
  });

  it('never leads out by a link', async () => {
    await put({ 'site/alpha.nix': './linked.nix', 'outside.nix': '{ }' });
    await symlink(join(home, 'outside.nix'), join(home, 'site/linked.nix'));

    await expect(pathsOf()).rejects.toMatchObject({ code: 'configuration-invalid' });
  });

  it('takes of a folder neither secrets nor links', async () => {
    await put({
      'site/alpha.nix': './.',
      'site/keep.txt': '',
      'site/.git/config': '',
      'site/.env.local': '',
      'site/.aws/credentials': '',
      'site/.config/x': '',
      'site/.bash_history': '',
      'site/tls.pem': '',
      'site/node_modules/x': '',
    });
    await symlink('/etc', join(home, 'site/result'));

    expect(await pathsOf()).toEqual(['alpha.nix', 'keep.txt']);
  });

  it('is 50 MB at most, and the biggest file is named', async () => {
    await put({
      'site/alpha.nix': './big ./small',
      'site/big': 'x'.repeat(51 * 1024 * 1024),
      'site/small': 'x',
    });

    await expect(pathsOf()).rejects.toMatchObject({ code: 'configuration-invalid', where: 'big' });
  });

  it('may name what is hidden, and then takes it', async () => {
    await put({ 'site/alpha.nix': './.motd', 'site/.motd': 'x' });

    expect(await pathsOf()).toEqual(['alpha.nix', '.motd']);
  });

  it('of a flake is its folder', async () => {
    await put({
      'flake/flake.nix': '{ }',
      'flake/flake.lock': '{}',
      'flake/hosts/a.nix': '',
      'flake/.git/x': '',
    });

    const { files } = await readFlakeFiles(join(home, 'flake'));

    expect(files.map(({ path }) => path)).toEqual(['flake.nix', 'flake.lock', 'hosts/a.nix']);
  });
});

describe('a configuration that is none', () => {
  it.each([
    ['is not there', 'site/nothing.nix', /no readable configuration/],
    ['is a folder', 'site', /but a folder/],
  ])('%s', async (_what, file, message) => {
    await put({ 'site/alpha.nix': '' });

    await expect(pathsOf(file)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/fourth argument|--flake/),
    });
  });
});
