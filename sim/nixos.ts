import type { NixosSystem, NixosSystems } from '../src/domain/guest-facts.ts';

/** What is built and booted on a machine with NixOS. */
export interface SimSystems {
  read(): NixosSystems;
  /** A new system becomes the next boot's; with `switch` it is in force too. */
  activate(system: NixosSystem, action: 'switch' | 'boot'): void;
  /** The profile's system of before is in force again. */
  rollBack(): void;
  /** The machine boots the profile's system. */
  boot(): void;
}

/** A system that declares this name, and shares its kernel with all others: a switch to it needs no boot. */
export function simSystem(declaredName: string): NixosSystem {
  return {
    path: `/nix/store/s-nixos-system-${declaredName}-25.11`,
    declaredName,
    kernel: '/nix/store/k-linux/bzImage',
    initrd: '/nix/store/i-initrd/initrd',
    kernelModules: '/nix/store/m-modules',
  };
}

/** Generations of a machine, its template's first; none where it is not NixOS. `inForce` is told each that takes over. */
export function simSystems(
  first: NixosSystem | undefined,
  inForce: (system: NixosSystem) => void,
): SimSystems {
  let [booted, current] = [first, first];
  const generations = first === undefined ? [] : [first];
  const next = () => generations.at(-1);
  const take = (system: NixosSystem | undefined) => {
    current = system;
    if (system !== undefined) inForce(system);
  };
  return {
    read: () => ({ booted, current, next: next() }),
    activate(system, action) {
      if (next()?.path !== system.path) generations.push(system);
      if (action === 'switch') take(system);
    },
    rollBack() {
      if (generations.length > 1) generations.pop();
      take(next());
    },
    boot() {
      booted = next();
      take(booted);
    },
  };
}
