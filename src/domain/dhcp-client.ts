/** What a DHCP client would send as the host's name (option 12), and from where it takes it. */
export type SentName =
  | { readonly from: 'profile' | 'static' | 'transient'; readonly name: string }
  | { readonly from: 'nothing'; readonly why: string };

/** From where a client takes the name that it sends, as its own configuration says. */
export type NameRule =
  /** A name written down for the client: a connection profile, a .network file, dhcpcd.conf, dhclient.conf. */
  | { readonly from: 'profile'; readonly name: string; readonly file: string }
  /** The machine's own name; `cut`: its first label only; `legalOnly`: one that is no host name is not sent. */
  | { readonly from: 'static' | 'transient'; readonly cut: boolean; readonly legalOnly: boolean }
  | { readonly from: 'nothing'; readonly why: string };

/** Where a connection profile is kept: survives a rebuild and cloning, is wiped at boot, … */
export type ProfileStorage = 'etc' | 'run' | 'usr-lib' | 'memory';

/** What is known of every kind of client. */
interface AnyClientState {
  readonly version: string;
  /** The device that it configures, with the guest's address: a bridge above the NIC, or the NIC itself. */
  readonly device: string;
  /** True when it holds the device and has a lease for it. */
  readonly activated: boolean;
  /** Option 12 of the last acknowledgement: the name that the server took. */
  readonly acknowledgedName: string | undefined;
  /** End of the lease by the guest's clock, ISO 8601, UTC; moves at each acknowledgement. */
  readonly leaseExpiresAt: string | undefined;
  /** Option 61 as it is sent, lower-case hexadecimal with colons; undefined when none is, or unknown. */
  readonly clientId: string | undefined;
}

/** The state of NetworkManager for the one device that carries the guest's address. */
export interface NetworkManagerState extends AnyClientState {
  readonly kind: 'network-manager';
  /** D-Bus path of the device; changes at restart. */
  readonly devicePath: string;
  readonly connection: {
    readonly uuid: string;
    /** As the person named it; any text. */
    readonly id: string;
    /** Empty for a profile that is only in memory. */
    readonly file: string;
    readonly storage: ProfileStorage;
    /** Where the file is a link, what it leads to: a store, whose file nobody edits. */
    readonly linksTo?: string;
  };
  /** `ipv4.dhcp-hostname` of the saved profile; empty when unset. */
  readonly savedName: string;
  /** The same in the copy that is in force on the device; undefined when it could not be read. */
  readonly appliedName: string | undefined;
  /** Counter of the applied copy: a reapply that changes nothing leaves it as it is. */
  readonly appliedVersion: number | undefined;
  /** `ipv4.dhcp-timeout` of the applied copy in seconds; 0 for the default. */
  readonly appliedTimeout: number;
  readonly sendsName: boolean;
  /** The same of the copy that is in force; absent where it could not be read, or is as the saved one. */
  readonly appliedSendsName?: boolean;
  /** `ipv4.dhcp-fqdn` of the saved profile: option 81 in place of option 12; empty when unset. */
  readonly fqdn: string;
  /** The static name as NetworkManager itself believes it to be; undefined when it was not asked. */
  readonly believedStatic: string | undefined;
  /** Other profiles that could be activated on this device at the next boot and hold a name of their own. */
  readonly otherNames: readonly { readonly file: string; readonly name: string }[];
}

/** The state of systemd-networkd for one link. */
export interface NetworkdState extends AnyClientState {
  readonly kind: 'networkd';
  /** The .network file in force. */
  readonly file: string;
  /** Its drop-ins in force. */
  readonly dropIns: readonly string[];
  readonly now: NameRule;
  readonly nextBoot: NameRule;
}

/** The state of dhcpcd for one interface. */
export interface DhcpcdState extends AnyClientState {
  readonly kind: 'dhcpcd';
  /** One process for all interfaces, or one for this interface. */
  readonly mode: 'manager' | 'interface';
  /** The family flag that the daemon runs with, which every later call must repeat; absent: both. */
  readonly family?: '4' | '6';
  readonly file: string;
  readonly now: NameRule;
  readonly nextBoot: NameRule;
}

/** The state of ISC dhclient for one interface; it is at its end of life and only diagnosed. */
export interface DhclientState extends AnyClientState {
  readonly kind: 'dhclient';
  /** Its processes for this interface; more than one are two clients that fight. */
  readonly processes: readonly number[];
  readonly file: string;
  readonly now: NameRule;
  readonly nextBoot: NameRule;
}

/** The state of whatever DHCP client holds the interface. */
export type DhcpClientState = NetworkManagerState | NetworkdState | DhcpcdState | DhclientState;

/** The clients in people's words. */
export const dhcpClientNames: Readonly<Record<DhcpClientState['kind'], string>> = {
  'network-manager': 'NetworkManager',
  networkd: 'systemd-networkd',
  dhcpcd: 'dhcpcd',
  dhclient: 'ISC dhclient',
};
