import { describe, expect, it } from 'vitest';
import { missingDebianPackages } from './debian-packages.mjs';

describe('missingDebianPackages', () => {
  it('names the package of each command that is not found', () => {
    const find = (command: string) =>
      command === 'dnsmasq' || command === 'nix' ? undefined : `/usr/bin/${command}`;

    expect(missingDebianPackages(find)).toEqual(['dnsmasq-base', 'nix-bin']);
  });

  it('names those of virtual machines only where these are to be started', () => {
    const find = (command: string) => (command.startsWith('qemu') ? undefined : `/usr/bin/${command}`);

    expect(missingDebianPackages(find)).toEqual([]);
    expect(missingDebianPackages(find, { machines: true })).toEqual(['qemu-system-x86', 'qemu-utils']);
  });
});
