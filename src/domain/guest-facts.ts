import type { Address } from './address.ts';
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
  /** `hostname` of the user-data that this instance was given; absent when none. */
  readonly givenName?: string;
  /** `local-hostname` of the meta-data, the only name that is known before the network; absent when none. */
  readonly localHostname?: string;
  /** True when cloud-init is told to leave the host name alone (`preserve_hostname`). */
  readonly preserveHostname?: boolean;
  /** Of the boot at which cloud-init last ran, and of the one before; absent when there was none. */
  readonly instanceId?: string;
  readonly previousInstanceId?: string;
  /** Units before which cloud-init's local stage is ordered, which knows meta-data; absent where systemd did not tell. */
  readonly orderedBefore?: readonly string[];
  /** The same of its network stage, which first knows user-data. */
  readonly networkStageBefore?: readonly string[];
}

/** The system that a guest runs. */
export interface OperatingSystem {
  /** `ID` and `PRETTY_NAME` of os-release(5); empty when unknown. */
  readonly id: string;
  readonly name: string;
  /** machine-id(5); empty when there is none. Clones of one template may share it. */
  readonly machineId: string;
  readonly systemd: boolean;
}

/** A network interface as the guest itself has it: one that bears the NIC's MAC address, or stands above it. */
export interface GuestInterface {
  readonly device: string;
  readonly mac?: Mac;
  /** Devices above it: a bridge, VLAN or bond. */
  readonly above: readonly string[];
  /** IPv4 addresses; `dynamic`: with a lifetime, as a DHCP client sets one (ip-address(8)). */
  readonly addresses: readonly { readonly address: Address; readonly dynamic: boolean }[];
  /** IPv6 addresses other than link-local ones, as written. */
  readonly ipv6: readonly string[];
}
