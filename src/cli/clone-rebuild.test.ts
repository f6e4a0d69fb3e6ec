import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hostname } from '../domain/name.ts';
import { readForClones } from './clone-rebuild.ts';

let folder = '';
const names = ['web-1', 'web-2'] as Hostname[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clone-rebuild-'));
  await writeFile(join(folder, 'web.nix'), '{ imports = [ ./part.nix ]; }\n');
  await writeFile(join(folder, 'part.nix'), '{ }\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the configuration of clones', () => {
  it('is read, with what it imports, before anything is made', async () => {
    expect(await readForClones(names, join(folder, 'web.nix'))).toBe('--nix: web.nix and 1 more, 34 B');
  });

  it('must be there', async () => {
    await expect(readForClones(names, join(folder, 'nowhere.nix'))).rejects.toMatchObject({
      name: 'TruenameError',
    });
  });

  it('is refused for a name that would overwrite a file of NixOS', async () => {
    const refused = readForClones(['configuration' as Hostname], join(folder, 'web.nix'));
    await expect(refused).rejects.toMatchObject({ code: 'usage' });
  });
});
