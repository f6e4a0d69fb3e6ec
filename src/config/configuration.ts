import type { AddressRange } from '../domain/address-range.ts';
import type { GuestSummary } from '../domain/guest.ts';
import type { Segment } from '../domain/segment.ts';
import type { TlsTrust } from '../domain/tls-trust.ts';
import type { Secret } from './secret.ts';

/** What Truename works with: validated, names resolved, paths absolute, times in milliseconds. */
export interface Configuration {
  /** From where it comes, for people. */
  readonly origin: ConfigurationOrigin;
  /** One at least. */
  readonly hypervisors: readonly HypervisorDefinition[];
  readonly dhcpServers: readonly DhcpServerDefinition[];
  readonly resolvers: readonly ResolverDefinition[];
  /** In the order of the file, which is the order of matching; none where nobody told of the network. */
  readonly segments: readonly Segment[];
  /** Links of the chain that must hold even where the network does not offer them. */
  readonly prove: readonly 'reverse'[];
  /** Names that templates give to their clones, beside those of the templates at the hypervisor. */
  readonly templateNames: readonly string[];
  /** Absolute; the user's own where it is left out. */
  readonly stateDirectory?: string;
  readonly timeouts: Timeouts;
  /** How to log in to a guest. */
  loginFor(guest: GuestSummary): Login;
  /** The NIC that is to carry the guest's name, such as `net1`; undefined where nobody said. */
  nicFor(guest: GuestSummary): string | undefined;
}

/** A file, or the conventions of TAPPaaS with its zones where there are any. */
export type ConfigurationOrigin =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'conventions'; readonly zonesFile?: string };

/** A Proxmox VE cluster and the way to its API. */
export interface HypervisorDefinition {
  readonly id: string;
  readonly type: 'proxmox';
  readonly access: ProxmoxRestAccess | ProxmoxSshAccess;
}

/** Over HTTPS with a token. */
export interface ProxmoxRestAccess {
  readonly kind: 'rest';
  readonly endpoints: readonly string[];
  readonly tokenId: string;
  readonly tokenSecret: Secret;
  readonly trust: TlsTrust;
}

/** By `pvesh` on the nodes. */
export interface ProxmoxSshAccess {
  readonly kind: 'ssh';
  /** The host of a node, as a pattern with `{node}`; see `nodeHost`. */
  readonly nodes: string;
  readonly entryNodes: readonly string[];
  readonly user: string;
  readonly port?: number;
  readonly identityFile?: string;
}

/** A DHCP server, by its product. */
export type DhcpServerDefinition = DnsmasqDefinition | OpnsenseDefinition | KeaDefinition;

/** A Kea and the way to it. */
export interface KeaDefinition {
  readonly id: string;
  readonly type: 'kea';
  readonly access: KeaMachineAccess | KeaHttpAccess;
  /** Leases of its DHCPv6 daemon are read too. */
  readonly ipv6: boolean;
}

/** By the control sockets on its machine. */
export interface KeaMachineAccess {
  readonly kind: 'ssh';
  readonly ssh: SshDefinition;
  readonly socket: string;
  readonly socket6: string;
  readonly configurationFile: string;
}

/** By its control agent. */
export interface KeaHttpAccess {
  readonly kind: 'http';
  readonly url: string;
  readonly login?: { readonly user: string; readonly password: Secret };
  readonly trust: TlsTrust;
}

/** An OPNsense and the way to its API. */
export interface OpnsenseDefinition {
  readonly id: string;
  readonly type: 'opnsense';
  readonly url: string;
  readonly key: Secret;
  readonly secret: Secret;
  readonly trust: TlsTrust;
  readonly backend: 'auto' | 'dnsmasq' | 'kea';
  /** Of which a free address may be reserved. */
  readonly addresses: readonly AddressRange[];
  /** Port at which its Dnsmasq answers this machine; absent: not asked. */
  readonly dnsPort?: number;
}

/** A dnsmasq and the way to its machine. */
export interface DnsmasqDefinition {
  readonly id: string;
  readonly type: 'dnsmasq';
  readonly ssh: SshDefinition;
  readonly leaseFile: string;
  /** Absent: the one that the running dnsmasq was started with. */
  readonly configurationFile?: string;
}

/** A machine that is reached by ssh. */
export interface SshDefinition {
  readonly host: string;
  readonly user: string;
  readonly port?: number;
  readonly identityFile?: string;
}

/** A DNS server. */
export interface ResolverDefinition {
  readonly id: string;
  readonly type: 'dns';
  /** An address, or a name that the system must resolve at use. */
  readonly address: string;
  readonly port: number;
}

/** How to log in to a guest; a user other than root becomes root by `sudo -n`. */
export interface Login {
  readonly user: string;
  readonly identityFile?: string;
}

/** How long to wait, in milliseconds. */
export interface Timeouts {
  /** For one question to a server. */
  readonly requestMs: number;
  /** For a guest to start or reboot. */
  readonly bootMs: number;
  /** For a name to arrive at lease and DNS. */
  readonly proofMs: number;
}
