import type { Address } from './address.ts';
import type { DhcpClientState } from './dhcp-client.ts';
import type { CloudInitState, HostNames, MachineIdentity, NixosSystems } from './guest-facts.ts';
import type { Lease } from './lease.ts';
import type { Fqdn } from './name.ts';
import type { Observation } from './observation.ts';
import type { DnsAnswer } from './ports.ts';

/** What one round trip into the guest showed. */
export interface GuestView {
  readonly identity: MachineIdentity;
  readonly host: HostNames;
  readonly nixos: NixosSystems;
  readonly cloudInit: CloudInitState;
  /** Undefined when no known DHCP client holds the interface. */
  readonly client: DhcpClientState | undefined;
}

/** The lease of one MAC address, with the clocks that tell whether it is fresh. */
export interface LeaseView {
  readonly lease: Lease;
  /** The server's clock when it was read, ISO 8601, UTC. */
  readonly readAt: string;
}

/** What one resolver says of the machine. */
export interface ResolverView {
  readonly resolver: string;
  readonly forward: Observation<DnsAnswer<Address>>;
  readonly reverse: Observation<DnsAnswer<Fqdn>>;
}

/** All links of one machine, each read within the same few seconds. */
export interface Snapshot {
  /** The name at the hypervisor. */
  readonly hypervisor: Observation<string>;
  readonly guest: Observation<GuestView>;
  readonly lease: Observation<LeaseView>;
  readonly resolvers: readonly ResolverView[];
}
