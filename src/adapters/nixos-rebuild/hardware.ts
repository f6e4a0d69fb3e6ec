import { posix } from 'node:path';

/** Where NixOS looks for hardware of this very machine (nixos-generate-config(8)). */
export const hardwareFile = '/etc/nixos/hardware-configuration.nix';

/** Absolute paths as they are reached, without `..` in them. */
export function namesHardware(absolute: readonly string[]): boolean {
  return absolute.some((path) => posix.normalize(path) === hardwareFile);
}

/** Paths that are another machine's own configuration: where they are evaluated, that machine's hardware comes along. */
export function namesOwnConfiguration(absolute: readonly string[]): string | undefined {
  return absolute.find((path) => posix.normalize(path).startsWith('/etc/nixos/'));
}
