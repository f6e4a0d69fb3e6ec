import type { Address } from './address.ts';
import type { Mac } from './mac.ts';

/** Where a guest lives: its hypervisor (as configured), node and number. */
export interface GuestRef {
  readonly hypervisor: string;
  readonly node: string;
  /** 100 to 999999999, the same for all nodes of a cluster. */
  readonly vmid: number;
}

/** A network interface as the hypervisor gives it to the guest. */
export interface Nic {
  /** `net0`, `net1`, … */
  readonly slot: string;
  readonly mac: Mac;
  readonly bridge?: string;
  /** VLAN tag, 1 to 4094; absent when untagged. */
  readonly vlan?: number;
}

/** A guest as the hypervisor lists it. */
export interface GuestSummary {
  readonly ref: GuestRef;
  readonly kind: 'vm' | 'container';
  /** Absent while the hypervisor does not know it yet (a fresh clone). */
  readonly name?: string;
  readonly power: 'running' | 'stopped' | 'paused' | 'unknown';
  readonly template: boolean;
  readonly tags: readonly string[];
  readonly pool?: string;
  /** `clone`, `backup`, `migrate`, …; absent when not locked. */
  readonly lock?: string;
}

/** A guest as its configuration at the hypervisor describes it. */
export interface GuestConfiguration {
  readonly ref: GuestRef;
  readonly name: string;
  readonly template: boolean;
  /** SMBIOS uuid, lower case; absent where the configuration holds none. */
  readonly uuid?: string;
  readonly nics: readonly Nic[];
  readonly agentEnabled: boolean;
  readonly cloudInit: boolean;
  readonly searchDomain?: string;
  readonly lock?: string;
}

/** An interface as the guest agent reports it; written by the guest, so not to be trusted alone. */
export interface AgentInterface {
  readonly name: string;
  readonly mac?: Mac;
  readonly addresses: readonly Address[];
}
