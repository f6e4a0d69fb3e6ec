import { posix } from 'node:path';

/** Where NixOS looks for hardware of this very machine (nixos-generate-config(8)). */
export const hardwareFile = '/etc/nixos/hardware-configuration.nix';

/** Absolute paths as they are reached, without `..` in them. */
export function namesHardware(absolute: readonly string[]): boolean {
  return absolute.some((path) => posix.normalize(path) === hardwareFile);
}

/** The first path that is a machine's own configuration: where it is evaluated, that machine's hardware comes along. */
export function ownConfigurationIn(absolute: readonly string[]): string | undefined {
  return absolute.find((path) => posix.normalize(path).startsWith('/etc/nixos/'));
}
