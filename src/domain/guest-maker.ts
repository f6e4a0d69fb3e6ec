import type { Address } from './address.ts';
import type { GuestConfiguration, GuestRef, Nic } from './guest.ts';
import type { Mac } from './mac.ts';
import type { Hostname } from './name.ts';

/**
 * Makes VMs from templates, sets them up before their first start, and takes them away again. Everything it throws is a
 * `SourceError`; `permission-refused` names each privilege that is missing, and where. What a method is refused for a moment
 * (a lock, a task of somebody else) it asks for again, a bounded number of times.
 */
export interface GuestMaker {
  /**
   * The lowest number that no guest has, `from` or above it (absent: where the cluster begins to count), and not among
   * `besides`. Nobody keeps it free: {@link clone} says when somebody was quicker.
   */
  freeNumber(wanted: FreeNumber, signal: AbortSignal): Promise<number>;
  /**
   * Copies a template, or another VM, and resolves when the task has ended well and the new VM stands there, switched off.
   * Its MAC addresses and its uuid are new; cloud-init settings, tags and the rest are those of the source. Throws
   * `guest-number-taken`, having made nothing, where another guest has the number, or took it meanwhile; `command-failed` with
   * the end of the task's log where the copy failed, of which nothing is left then. Where it throws `timeout`, `cancelled` or
   * `unreachable`, the task may go on: the VM bears name and description of the request once its lock `clone` is gone.
   */
  clone(request: CloneRequest, signal: AbortSignal): Promise<MadeGuest>;
  /** A VM as it stands now, with what a change must know of it. Throws `not-found` where there is none. */
  standing(ref: GuestRef, signal: AbortSignal): Promise<StandingGuest>;
  /**
   * Changes a VM's configuration in one request; resolves with what stands there then, read back. Throws `guest-changed`,
   * having written nothing, where another version stands there by now, and `vm-locked` where a lock does not go away. What a
   * running VM takes up later is in `Hypervisor.pending`.
   */
  configure(standing: StandingGuest, settings: GuestSettings, signal: AbortSignal): Promise<StandingGuest>;
  /**
   * Makes the cloud-init disc of a VM anew; nothing for one without a cloud-init drive. Each start does so by itself: it is
   * for a VM that runs, which reads the new disc at its next boot.
   */
  regenerateSeed(ref: GuestRef, signal: AbortSignal): Promise<void>;
  /** Switches a VM off without asking it; resolves when it is off. One that is off already is no error. */
  stop(ref: GuestRef, signal: AbortSignal): Promise<void>;
  /**
   * Removes a VM with its disks, and what the cluster keeps under its number beside: backup and replication jobs, rights, high
   * availability. Resolves when it is gone. Throws, having removed nothing: `guest-on` while it runs, `vm-is-template`,
   * `vm-locked`, and `guest-changed` where another VM than the one that was looked at has the number. One that is gone already
   * is no error.
   */
  remove(standing: Pick<StandingGuest, 'ref' | 'uuid'>, signal: AbortSignal): Promise<void>;
  /** Texts in place of generated cloud-init data; absent where nothing can be written to the nodes. */
  readonly snippets?: SnippetStore;
}

/** Keeps texts that `customSeed` of {@link GuestSettings} can name. */
export interface SnippetStore {
  /**
   * Writes a text as this file (letters, digits, `.`, `_` and `-`; 32 KiB at most) where the node's VMs find it, in place of one
   * that is there, and gives its volume. Throws `unsupported` where no storage of the node takes such files.
   */
  write(node: string, file: string, text: string, signal: AbortSignal): Promise<string>;
  /** The volume that `write` would give, of which nothing is looked at; throws as `write`. */
  volume(node: string, file: string, signal: AbortSignal): Promise<string>;
  /** Removes what `write` gave; one that is gone already is no error. */
  remove(node: string, volume: string, signal: AbortSignal): Promise<void>;
}

/** Which free number is wanted. */
export interface FreeNumber {
  readonly from?: number;
  /** Numbers that somebody is about to take. */
  readonly besides?: ReadonlySet<number>;
}

/** What is to be copied, and what of it. */
export interface CloneRequest {
  readonly source: GuestRef;
  readonly vmid: number;
  readonly name: Hostname;
  /** Stands in the VM's configuration from the end of the copy on; the place for a mark that says who made it. */
  readonly description: string;
  /** The node that is to have it; absent: the source's. Others need disks, the cloud-init drive's too, on a shared storage. */
  readonly targetNode?: string;
  /** `linked`: stands on the disks of the source, which must be a template; `full`: has its own. */
  readonly disks: 'linked' | 'full';
  /** Of a full copy: where its disks go; absent: where those of the source are. */
  readonly storage?: string;
  /** Becomes a member of it. */
  readonly pool?: string;
}

/** A VM that was made. */
export interface MadeGuest {
  readonly ref: GuestRef;
  /** Lines of the task's log that warn; the copy is whole in spite of them. */
  readonly warnings: readonly string[];
}

/** A VM's configuration together with what guards a change of it. */
export interface StandingGuest extends GuestConfiguration {
  /** Of the whole configuration; another one after each change. */
  readonly version: string;
  /** Without its last line end; absent for none. */
  readonly description?: string;
  readonly tags: readonly string[];
}

/** What is changed of a VM; what is absent stays as it is. */
export interface GuestSettings {
  readonly name?: Hostname;
  /** All that is not said of a network interface is repeated as it stands: model, firewall, queues, and the rest. */
  readonly nics?: readonly NicSettings[];
  /** The domain that cloud-init makes the full name with. */
  readonly searchDomain?: string;
  /** Servers that cloud-init gives the guest. */
  readonly nameServers?: readonly Address[];
  /** Volumes in place of generated cloud-init data, by what they replace; all others are generated. */
  readonly customSeed?: NonNullable<GuestConfiguration['customSeed']>;
  readonly description?: string;
  /** All tags that it has then. */
  readonly tags?: readonly string[];
  readonly cores?: number;
  /** In MiB. */
  readonly memoryMiB?: number;
}

/** What is changed of a network interface; one that is not there yet is added, and needs a bridge. */
export interface NicSettings {
  /** `net0`, `net1`, … */
  readonly slot: string;
  readonly mac: Mac;
  readonly bridge?: string;
  /** 1 to 4094; `none` takes the tag away. */
  readonly vlan?: number | 'none';
  /** What cloud-init is told to do for IPv4. */
  readonly ipv4?: NicAddressing;
}

/** How a guest comes to its IPv4 address. */
export type NicAddressing =
  | Extract<Nic['ipv4'], string>
  | { readonly fixed: Address; readonly prefix: number; readonly gateway?: Address };
