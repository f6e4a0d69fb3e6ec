import type { Mac } from './mac.ts';

/** What a machine is, by its own word: read before anything is written to it. */
export interface MachineIdentity {
  /** Every MAC address of its network interfaces. */
  readonly macs: readonly Mac[];
  /** SMBIOS uuid, lower case; absent where the machine shows none to root. */
  readonly uuid?: string;
  /** Another one after each boot (random(4)). */
  readonly bootId: string;
  /** The machine's clock, ISO 8601, UTC. */
  readonly clock: string;
}

/** The host names of a guest, in hostnamed's words. */
export interface HostNames {
  /** From the file that hostnamed reads; empty when there is none. */
  readonly static: string;
  /** What hostnamed itself says the static name is; undefined when it could not be asked. */
  readonly believedStatic: string | undefined;
  /** The kernel's. */
  readonly transient: string;
}

/** Three systems that may differ on NixOS: booted, current (running), and next (the profile's). */
export interface NixosSystems {
  readonly booted: NixosSystem | undefined;
  readonly current: NixosSystem | undefined;
  readonly next: NixosSystem | undefined;
}

/** One built system. */
export interface NixosSystem {
  /** Store path. */
  readonly path: string;
  /** The host name that it declares; empty when it declares none. */
  readonly declaredName: string;
  /** Store paths that only a reboot brings into force. */
  readonly kernel: string;
  readonly initrd: string;
  readonly kernelModules: string;
}

/** How far cloud-init got, and what it complained about. */
export interface CloudInitState {
  readonly status: 'not-installed' | 'disabled' | 'not-started' | 'running' | 'done' | 'error';
  readonly errors: readonly string[];
  /** `hostname` of the user-data that it was given; absent when none. */
  readonly givenName?: string;
}
