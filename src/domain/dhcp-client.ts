/** What a DHCP client would send as the host's name (option 12), and from where it takes it. */
export type SentName =
  | { readonly from: 'profile' | 'static' | 'transient'; readonly name: string }
  | { readonly from: 'nothing'; readonly why: string };

/** Where a connection profile is kept: survives a rebuild and cloning, is wiped at boot, … */
export type ProfileStorage = 'etc' | 'run' | 'usr-lib' | 'memory';

/** The state of NetworkManager for the one device that carries the guest's address. */
export interface NetworkManagerState {
  readonly kind: 'network-manager';
  readonly version: string;
  readonly device: string;
  /** D-Bus path of the device; changes at restart. */
  readonly devicePath: string;
  /** True when the device is activated. */
  readonly activated: boolean;
  readonly connection: {
    readonly uuid: string;
    /** As the person named it; any text. */
    readonly id: string;
    /** Empty for a profile that is only in memory. */
    readonly file: string;
    readonly storage: ProfileStorage;
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
  /** Option 12 of the last acknowledgement: the name that the server took. */
  readonly acknowledgedName: string | undefined;
  /** End of the lease by the guest's clock, ISO 8601, UTC; moves at each acknowledgement. */
  readonly leaseExpiresAt: string | undefined;
  /** Profiles that could be activated on this device at the next boot and hold a name of their own. */
  readonly otherNames: readonly { readonly file: string; readonly name: string }[];
}

/** The state of whatever DHCP client holds the interface. */
export type DhcpClientState = NetworkManagerState;
