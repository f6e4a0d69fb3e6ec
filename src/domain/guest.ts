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
  /** What the hypervisor tells the guest to do for IPv4 (`ipconfigN`, a container's `ip=`); absent when nothing. */
  readonly ipv4?: 'dhcp' | 'manual' | { readonly fixed: Address };
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
  /** As the hypervisor is told: `l26`, `win11`, a container's `debian`; absent when it is not. */
  readonly osType?: string;
  /** Volumes that stand in for generated cloud-init data, by what they replace. */
  readonly customSeed?: Readonly<Partial<Record<'user' | 'meta' | 'network' | 'vendor', string>>>;
}

/** True when the hypervisor says that it is a Windows guest, into which Truename does not look. */
export function isWindows({ osType = '' }: Pick<GuestConfiguration, 'osType'>): boolean {
  // Proxmox VE's ostypes: wxp, w2k, w2k3, w2k8, wvista, win7, win8, win10, win11 (qemu-server QemuServer.pm).
  return /^(?:wxp|w2k|w2k3|w2k8|wvista|win\d+)$/.test(osType);
}

/** An interface as the guest agent of a VM reports it, or the node of a container; the guest decides, so not to be trusted alone. */
export interface AgentInterface {
  readonly name: string;
  readonly mac?: Mac;
  readonly addresses: readonly Address[];
}
