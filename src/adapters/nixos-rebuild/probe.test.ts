import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { nixosProbe } from './probe.ts';

describe('the systems of a machine', () => {
  it('are read as far as they are there', () => {
    const values = rawValues({
      'booted.path': '/nix/store/a-nixos',
      'booted.name': 'tappaas-nixos\n',
      'booted.kernel': '/nix/store/k/bzImage',
      'booted.initrd': '/nix/store/i/initrd',
      'booted.kernel-modules': '/nix/store/m',
      'next.path': '/nix/store/b-nixos',
    });

    expect(nixosProbe.parse(values)).toEqual({
      booted: {
        path: '/nix/store/a-nixos',
        declaredName: 'tappaas-nixos',
        kernel: '/nix/store/k/bzImage',
        initrd: '/nix/store/i/initrd',
        kernelModules: '/nix/store/m',
      },
      current: undefined,
      next: { path: '/nix/store/b-nixos', declaredName: '', kernel: '', initrd: '', kernelModules: '' },
    });
  });

  it('are none where NixOS is not', () => {
    expect(nixosProbe.parse(rawValues({}))).toEqual({
      booted: undefined,
      current: undefined,
      next: undefined,
    });
  });
});
