import type { Address } from './address.ts';
import type { DhcpClientState } from './dhcp-client.ts';
import type {
  CloudInitState,
  GuestInterface,
  HostNames,
  MachineIdentity,
  NixosSystems,
  OperatingSystem,
} from './guest-facts.ts';
import type { Lease } from './lease.ts';
import type { Fqdn } from './name.ts';
import type { Observation } from './observation.ts';
import type { DnsAnswer } from './ports.ts';

/** What one round trip into the guest showed. */
export interface GuestView {
  readonly identity: MachineIdentity;
  readonly os: OperatingSystem;
  /** Those that bear the NIC's MAC address, and those above them. */
  readonly interfaces: readonly GuestInterface[];
  readonly host: HostNames;
  readonly nixos: NixosSystems;
  readonly cloudInit: CloudInitState;
  /** Undefined when no known DHCP client holds the interface. */
  readonly client: DhcpClientState | undefined;
  /** Further clients on the same interface: they fight. */
  readonly otherClients: readonly DhcpClientState[];
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
  /** AAAA records as written; absent where they were not asked for. */
  readonly forward6?: Observation<DnsAnswer<string>>;
  readonly reverse: Observation<DnsAnswer<Fqdn>>;
  /** Whether it knows anything of the segment's domain; absent where that was not asked, as where it knows the name. */
  readonly knowsDomain?: Observation<boolean>;
}

/** All links of one machine, each read within the same few seconds. */
export interface Snapshot {
  /** The name at the hypervisor. */
  readonly hypervisor: Observation<string>;
  readonly guest: Observation<GuestView>;
  readonly lease: Observation<LeaseView>;
  readonly resolvers: readonly ResolverView[];
}
