/** The two kinds of guests, in the words of the API: virtual machines and containers. */
export type GuestKind = 'qemu' | 'lxc';

/** A node of the cluster; the first one listed is the one that answers. */
export interface NodeState {
  readonly name: string;
  readonly ip: string;
  /** False: requests for it end as 595. Default true. */
  readonly online?: boolean;
  /** Other host names that resolve to it; requests for them end as 596, as for a node's FQDN. */
  readonly aliases?: readonly string[];
  readonly sslFingerprint?: string;
}

/** A storage. `dir` names volumes as files (`300/vm-300-disk-0.qcow2`), the others plainly (`vm-300-disk-0`). */
export interface StorageState {
  readonly id: string;
  readonly type: 'dir' | 'lvmthin' | 'zfspool' | 'rbd';
  readonly shared?: boolean;
  readonly enabled?: boolean;
  /** Nodes that have it. Default: all. */
  readonly nodes?: readonly string[];
  /** Default: images and snippets. */
  readonly content?: readonly string[];
  /** Texts of snippets by file name. */
  readonly snippets?: Readonly<Record<string, string>>;
}

/** A guest as loaded: its configuration lines by key, as `qm config` or `pct config` prints them. */
export interface GuestState {
  readonly vmid: number;
  /** Default `qemu`. */
  readonly kind?: GuestKind;
  readonly node: string;
  readonly config: Readonly<Record<string, string | number>>;
  /** True: the cluster's high availability starts and stops it. Default false. */
  readonly highAvailability?: boolean;
  /** The pool that it is a member of. */
  readonly pool?: string;
}

/** What the façade starts from. It is read once and never written. */
export interface ClusterState {
  readonly name?: string;
  readonly nodes: readonly NodeState[];
  readonly storages: readonly StorageState[];
  readonly bridges: readonly string[];
  readonly pools?: readonly string[];
  readonly guests: readonly GuestState[];
  /** resolv.conf of the nodes. Default: neither. */
  readonly resolver?: { readonly search?: string; readonly nameservers: readonly string[] };
  /** GET /version. Default: 9.1.3. Before 9 the agent's calls ask for VM.Monitor. */
  readonly version?: { readonly version: string; readonly release: string; readonly repoid: string };
  /** Numbers that GET /cluster/nextid gives. Default: 100 to 999999. Source: pve-cluster DataCenterConfig.pm `next-id`. */
  readonly nextId?: { readonly lower: number; readonly upper: number };
  /** Default `BC:24:11`. Source: pve-cluster DataCenterConfig.pm `mac_prefix`. */
  readonly macPrefix?: string;
}
