import type { KeaConfiguration } from './kea-configuration.ts';

/** What the product writes for its Dnsmasq when it starts it. */
export interface Rendered {
  /** Lines of dnsmasq.conf that come from host entries. */
  readonly directives: readonly string[];
  /** The whole of /var/etc/dnsmasq-hosts. */
  readonly hosts: string;
}

/** The Dnsmasq behind the API: a real one in the lab, values in memory elsewhere. */
export interface World {
  /** Stops it and starts it with these; resolves whether or not it started, as the product's script does. Leases survive. */
  apply(rendered: Rendered): Promise<void>;
  /** Whether its process is there. */
  running(): Promise<boolean>;
  /** Its lease file as it is: one lease a line, of five words. */
  leaseFile(): Promise<string>;
  /** Absent where none was ever set up. */
  readonly kea?: KeaWorld;
}

/** A lease as `lease4-get-all` gives it (Kea, lease_cmds). */
export interface KeaLease {
  readonly 'ip-address': string;
  readonly 'hw-address': string;
  readonly 'client-id': string;
  /** Seconds since 1970 at which the guest last spoke. */
  readonly cltt: number;
  /** Seconds; a lease that was given back has 0. */
  readonly 'valid-lft': number;
  readonly hostname: string;
  /** 0 for one that holds, 1 declined, 2 expired. */
  readonly state: number;
}

/** The Kea behind the API. */
export interface KeaWorld {
  /** Stops it and starts it with these; undefined: it is left stopped. Resolves whether or not it started. Leases survive. */
  apply(configuration: KeaConfiguration | undefined): Promise<void>;
  /** Whether its process is there, whatever it does. */
  running(): Promise<boolean>;
  /** What its control socket gives; undefined where nobody answers there. */
  leases(): Promise<readonly KeaLease[] | undefined>;
  /** kea-leases4.csv with its header: what became of each lease since it was last tidied up. */
  leaseFile(): Promise<string>;
  /** `lease4-del`; false where there is no such lease, or nobody answers. */
  forget(address: string): Promise<boolean>;
}
