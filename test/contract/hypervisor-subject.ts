import type { GuestRef, GuestSummary } from '../../src/domain/guest.ts';
import type { Hypervisor } from '../../src/domain/ports.ts';

/** All that a product may have; `port` also depends on how it is reached. */
export type FullHypervisor = Required<Omit<Hypervisor, 'port'>> & Pick<Hypervisor, 'port'>;

/**
 * A hypervisor with what the contract needs to find there:
 * - VM 102 `web-2`, running, with an agent that knows `ens18` = 10.2.10.5, runs programs and has a shell;
 *   NIC net0 with MAC bc:24:11:00:01:02 on bridge vmbr0, VLAN 210; cloud-init drive; `l26`; no uuid;
 * - VM 101 `web-1`, stopped, agent on, uuid 22222222-2222-4222-8222-222222222222, no cloud-init drive;
 * - VM 103 `web-3`, running, agent on but silent; its user-data is the volume `local:snippets/web 3.yaml` with the
 *   text `hostname: own`; told `10.2.10.30` for net0;
 * - container 700 `ct-1`, running, `debian`, with a shell; eth0 by DHCP with MAC bc:24:11:00:07:00, bridge vmbr0,
 *   VLAN 210, leased 10.2.10.70;
 * - container 701 `ct-2`, stopped;
 * - template 9000 `tappaas-nixos`;
 * - no guest 4711.
 */
export interface HypervisorSubject {
  readonly hypervisor: FullHypervisor;
  readonly nodeName: string;
  /** True when its nodes can be entered with the access that it has. */
  readonly entersNodes: boolean;
  /** How often the VM was switched on so far. */
  starts(vmid: number): number;
  close(): Promise<void>;
}

/** The subject with what the tests say again and again. */
export interface Described extends HypervisorSubject {
  ref(vmid: number): GuestRef;
  vm(vmid: number): Pick<GuestSummary, 'ref' | 'kind'>;
  container(vmid: number): Pick<GuestSummary, 'ref' | 'kind'>;
}
