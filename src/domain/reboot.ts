import type { NixosSystems } from './guest-facts.ts';

/**
 * Why the next system needs a reboot, or an empty list: kernel, initrd and kernel modules of the booted system
 * are compared with those of the profile's (nixpkgs nixos/modules/tasks/auto-upgrade.nix does the same).
 */
export function rebootReasons({ booted, next }: NixosSystems): string[] {
  if (booted === undefined || next === undefined) return [];
  const parts = [
    ['kernel', booted.kernel, next.kernel],
    ['initrd', booted.initrd, next.initrd],
    ['kernel modules', booted.kernelModules, next.kernelModules],
  ] as const;
  return parts.filter(([, old, fresh]) => old !== fresh).map(([part]) => part);
}
