import { describe, expect, it } from 'vitest';
import type { NixosSystem } from './guest-facts.ts';
import { rebootReasons } from './reboot.ts';

const old: NixosSystem = {
  path: '/nix/store/a',
  declaredName: 'a',
  kernel: 'k1',
  initrd: 'i1',
  kernelModules: 'm1',
};

describe('rebootReasons', () => {
  it('finds none where only the rest of the system differs', () => {
    expect(
      rebootReasons({ booted: old, current: old, next: { ...old, path: '/nix/store/b', declaredName: 'b' } }),
    ).toEqual([]);
  });

  it('names each part that only a boot brings into force', () => {
    const next = { ...old, kernel: 'k2', initrd: 'i2', kernelModules: 'm2' };

    expect(rebootReasons({ booted: old, current: next, next })).toEqual([
      'kernel',
      'initrd',
      'kernel modules',
    ]);
    expect(rebootReasons({ booted: old, current: old, next: { ...old, initrd: 'i2' } })).toEqual(['initrd']);
  });

  it('asks for none where there is nothing to compare', () => {
    expect(rebootReasons({ booted: undefined, current: undefined, next: old })).toEqual([]);
    expect(rebootReasons({ booted: old, current: old, next: undefined })).toEqual([]);
  });
});
