import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RebuildOptions } from './rebuild-options.ts';
import { type RebuildWords, requestOf } from './rebuild-request.ts';

const words: RebuildWords = { vmname: 'alpha', vmid: '610', node: 'tappaas1', file: undefined };

function request(
  changes: Partial<typeof words & { file: string }> = {},
  options: Partial<RebuildOptions> = {},
) {
  return requestOf(
    { ...words, ...changes },
    { buildOn: 'target', timeout: '60', waitLock: '600', reboot: true, ...options },
  );
}

describe('what a command line asks for', () => {
  it('is the file of the VM where none is named', () => {
    expect(request()).toMatchObject({ name: 'alpha', vmid: 610, configuration: resolve('alpha.nix') });
    expect(request()).not.toHaveProperty('flake');
    expect(request({ file: 'x.nix' }).configuration).toBe(resolve('x.nix'));
  });

  it('takes the first label of a full name for the guest’s, and of a node’s for the node', () => {
    expect(request({ vmname: 'alpha.mgmt.internal', node: 'tappaas1.mgmt.internal' })).toMatchObject({
      name: 'alpha',
      node: 'tappaas1',
      configuration: resolve('alpha.nix'),
    });
  });

  it.each([
    ['site#web', 'site', 'web'],
    ['site', 'site', 'alpha'],
    ['.#web-2', '.', 'web-2'],
  ])('is the system of a flake: %s', (flake, folder, system) => {
    expect(request({}, { flake })).toMatchObject({ configuration: resolve(folder), flake: system });
  });

  it.each(['/nix/nixpkgs', 'https://example.invalid/nixpkgs.tar.gz', 'channel:nixos-25.11'])(
    'pins packages to %s',
    (nixpkgs) => {
      expect(request({}, { nixpkgs })).toMatchObject({ nixpkgs });
    },
  );

  it('has no packages of its own for a flake', () => {
    expect(() => request({}, { flake: '.#alpha', nixpkgs: '/n' })).toThrow(/says nothing to a flake/);
  });

  it.each(['configuration', 'hardware-configuration', 'Flake'])(
    'overwrites no file of the guest: %s',
    (vmname) => {
      expect(() => request({ vmname })).toThrow(/overwritten/);
      expect(request({ vmname }, { buildOn: 'controller' }).name).toBe(vmname);
    },
  );

  it('does nothing that is not asked for', () => {
    expect(request()).toMatchObject({
      dryRun: false,
      takeName: false,
      keepDeclaredName: false,
      rollbackOnFailure: false,
    });
  });
});
