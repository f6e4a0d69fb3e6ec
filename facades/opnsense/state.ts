import type { Release } from './release.ts';

/** An item of the configuration; all values are texts. */
export type Item = Readonly<Record<string, string>> & { readonly uuid: string };

/** A key of a user of the API. */
export interface ApiKey {
  readonly key: string;
  readonly secret: string;
  /** Names of ACL.xml of the modules; `page-all` is everything. */
  readonly privileges: readonly string[];
  /** The privilege `user-config-readonly`: it reads all that it may, and writes nothing. */
  readonly readOnly?: boolean;
}

/** The configuration of a firewall; it changes as requests change it. */
export interface OpnsenseState {
  readonly release: Release;
  /** `fw.mgmt.internal`. */
  readonly name: string;
  readonly keys: readonly ApiKey[];
  readonly dnsmasq: {
    readonly enable: boolean;
    readonly port: string;
    /** Of `dhcp.domain`; empty: the system's own. */
    readonly domain: string;
    readonly ranges: readonly { readonly interface: string; readonly domain: string }[];
  };
  readonly interfaces: readonly {
    readonly name: string;
    readonly device: string;
    readonly description: string;
  }[];
  /** The plugin os-isc-dhcp of 26.1 and later. */
  readonly iscPlugin?: boolean;
  /** ISC DHCP, where it hands out leases. */
  readonly isc?: IscState;
  hosts: readonly Item[];
  readonly kea: KeaState;
}

/** ISC DHCP for IPv4. */
export interface IscState {
  /** Static mappings, which a person enters in the web interface alone. */
  readonly mappings: readonly {
    readonly address: string;
    readonly mac: string;
    readonly hostname: string;
    readonly descr: string;
  }[];
  leases: readonly {
    readonly address: string;
    readonly mac: string;
    readonly hostname: string;
    /** `2026/11/22 10:00:00`, in the firewall's own zone. */
    readonly starts: string;
    readonly ends: string;
    readonly state: 'active' | 'expired';
  }[];
}

/** The configuration of Kea for IPv4. */
export interface KeaState {
  readonly enabled: boolean;
  /** Seconds of a lease. */
  readonly validLifetime: number;
  readonly subnets: readonly {
    readonly uuid: string;
    readonly subnet: string;
    /** One a line: `10.2.20.100-10.2.20.199`. */
    readonly pools: string;
    /** Of `option_data`, by Kea's names: `routers`. */
    readonly options?: Readonly<Record<string, string>>;
  }[];
  reservations: readonly Item[];
}

/** A Kea as the product comes with it. */
export function keaOff(): KeaState {
  return { enabled: false, validLifetime: 4000, subnets: [], reservations: [] };
}

/** What can be made to go wrong. Of one request, such as `POST dnsmasq/service/reconfigure`; taken away by whoever put it there. */
export interface Faults {
  /** The web interface's own page in place of JSON, nothing at all, or half an answer after the work was done. */
  readonly answers: Map<string, 'html' | 'down' | 'half'>;
  /** Awaited before the request is worked on: a configd that takes its time. Where it rejects nothing is done, and the connection is cut. */
  readonly before: Map<string, () => Promise<void>>;
}

/** Nothing goes wrong. */
export function noFaults(): Faults {
  return { answers: new Map(), before: new Map() };
}
