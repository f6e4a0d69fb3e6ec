import type { Address } from './address.ts';
import type { AddressRange } from './address-range.ts';
import type { SeedTexts } from './cloud-init-seed.ts';
import type { DhcpClientState } from './dhcp-client.ts';
import type { DhcpRange, LeaseLimits } from './dhcp-range.ts';
import type { AgentInterface, GuestConfiguration, GuestRef, GuestSummary, Nic } from './guest.ts';
import type { GuestMaker } from './guest-maker.ts';
import type { HostEntry, HostQuestion } from './host-entry.ts';
import type { GuestWrite } from './journal.ts';
import type { LeaseTable } from './lease.ts';
import type { Fqdn, Hostname } from './name.ts';
import type { DhcpClientRemedy, Reach } from './remedy.ts';
import type { OwnReservation, Reservation, ReservationChange } from './reservation.ts';

/** A hypervisor or a cluster of them. Everything it throws is a `SourceError`. */
export interface Hypervisor {
  /** The id in the configuration. */
  readonly id: string;
  /** The guest with this number, anywhere on the cluster; undefined when the cluster knows none. */
  find(vmid: number, signal: AbortSignal): Promise<GuestSummary | undefined>;
  /** All guests that the user may see, templates and containers among them, in no order; power may lag behind. */
  guests(signal: AbortSignal): Promise<GuestSummary[]>;
  /** The guest's configuration as its next start would use it. */
  configuration(guest: Pick<GuestSummary, 'ref' | 'kind'>, signal: AbortSignal): Promise<GuestConfiguration>;
  /** Starts or reboots (cold: pending changes and a new cloud-init disc take effect); resolves when the task ended well. */
  power?(ref: GuestRef, action: 'start' | 'reboot', signal: AbortSignal): Promise<void>;
  /** Keys of a VM's configuration that were changed and take effect at its next cold start. */
  pending?(guest: Pick<GuestSummary, 'ref' | 'kind'>, signal: AbortSignal): Promise<string[]>;
  /** Gives a guest another name at the hypervisor; what runs is not told. */
  rename?(guest: Pick<GuestSummary, 'ref' | 'kind'>, name: Hostname, signal: AbortSignal): Promise<void>;
  /** The guest agent of a VM; absent where the product has none. */
  agent?(ref: GuestRef): GuestAgent;
  /** Interfaces of a running container with their IPv4 addresses, seen from its node; absent where the product shows none. */
  containerInterfaces?(ref: GuestRef, signal: AbortSignal): Promise<AgentInterface[]>;
  /**
   * A root shell that needs no network: of a VM by its guest agent, of a container by its node. Undefined where
   * this kind of guest cannot be entered with the access that is configured.
   */
  inside?(guest: Pick<GuestSummary, 'ref' | 'kind'>): Shell | undefined;
  /** What the next start gives to cloud-init; throws `not-found` for a guest without a cloud-init drive. */
  seed?(configuration: GuestConfiguration, signal: AbortSignal): Promise<SeedTexts>;
  /** Makes and removes VMs; absent where the product, or what is configured of it, cannot. */
  readonly making?: GuestMaker;
  /** The NIC's end at its node, and a root shell there; absent where the nodes cannot be entered. */
  port?(guest: Pick<GuestSummary, 'ref' | 'kind'>, nic: Nic): NodePort;
}

/** Where a NIC is plugged in: a device at the node, on which its packets can be seen. */
export interface NodePort {
  /** `tap610i0`, `veth700i0`. */
  readonly device: string;
  readonly shell: Shell;
}

/** The agent inside a guest, reached through its hypervisor. What it says is the guest's word. */
export interface GuestAgent {
  /** Interfaces with their IPv4 addresses; throws `agent-silent` when nobody answers. */
  interfaces(signal: AbortSignal): Promise<AgentInterface[]>;
  /** Runs a program without a shell; the first element is the program, `input` its stdin (64 KiB at most). */
  run(command: readonly string[], signal: AbortSignal, input?: string): Promise<CommandResult>;
}

/** How a command ended. Output is bounded; what came after the bound is dropped and said. */
export interface CommandResult {
  /** 0 to 255; 128 + n when ended by signal n. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a {@link Shell} is told beside the script. */
export interface ShellOptions {
  /** `$1`, `$2`, … of the script; any text, carried safely. */
  readonly args?: readonly string[];
  /** Run as root (directly, or by `sudo -n`). */
  readonly root?: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called with each line of output as it comes, without its line end. */
  readonly onLine?: (line: string) => void;
}

/** A way to run a POSIX script on a machine; the script travels on stdin, never on a command line. */
export interface Shell {
  /** How it gets there, for people: `ssh tappaas@10.2.10.5`. */
  readonly via: string;
  /** Resolves however the script ended; throws a `SourceError` when it could not be run to its end. */
  run(script: string, options: ShellOptions): Promise<CommandResult>;
}

/** A DHCP server, or one segment's view of it. Everything it throws is a `SourceError`. */
export interface DhcpServer {
  /** The id in the configuration. */
  readonly id: string;
  /** The lease table as it is now. */
  leases(signal: AbortSignal): Promise<LeaseTable>;
  /** Looks whether the server would answer a client at this moment. */
  alive(signal: AbortSignal): Promise<Liveness>;
  /** What the server is told beforehand about clients, in the order in which it reads it. */
  reservations?(signal: AbortSignal): Promise<Reservation[]>;
  /** How much it leases, and from where; absent where that cannot be read. */
  limits?(signal: AbortSignal): Promise<LeaseLimits>;
  /** The fixed answers of its own DNS about a name or an address; absent where they cannot be read. */
  hostEntries?(about: HostQuestion, signal: AbortSignal): Promise<HostEntry[]>;
  /** Writes reservations; absent where the product, or what is configured of it, has no way to. */
  readonly reserving?: ReservationWriter;
}

/** Writes what a DHCP server is told beforehand. Nothing but Truename's own reservations is ever written or removed. */
export interface ReservationWriter {
  /**
   * What stands there now. Changes nothing. Throws where nothing could be written: `unsupported`, with what is to be set up
   * first, where nothing of Truename's can stand there at all.
   */
  standing(signal: AbortSignal): Promise<StandingReservations>;
  /** Who else feels this change, known before it is made: `guest` for nobody else. */
  reach(change: ReservationChange): Reach;
  /**
   * Makes all differences in one write, or none of them. Throws `reservations-changed`, having written nothing, where
   * another version stands there by now. Resolves when the server was told; that it took it is to be read back.
   */
  write(change: ReservationChange, standing: StandingReservations, signal: AbortSignal): Promise<void>;
  /**
   * Puts in force what stands there, as a write does that was ended between its two steps. Throws `reservation-not-taken`
   * where the server does not run with it. Absent where all that stands is in force.
   */
  enforce?(signal: AbortSignal): Promise<void>;
  /** For how long, in milliseconds, the last write or enforcing of this run kept the server from answering; undefined before. */
  pausedMs?(): number | undefined;
}

/** What a server is told about clients, as its writer reads it. */
export interface StandingReservations {
  /** Of everything that a write would touch; means something to its writer alone. */
  readonly version: string;
  /** Those marked as Truename's. */
  readonly own: readonly OwnReservation[];
  /** Those of everybody else. */
  readonly others: readonly Reservation[];
  /** Where Truename's stand, or would, for people. */
  readonly place: string;
  /**
   * `above`: Truename's counts before another one of the same MAC address, which stays where it is and counts again when
   * Truename's is gone; not where that one reserves an address. Absent: another one cannot be overridden.
   */
  readonly adoption?: 'above';
  /** The ranges from which it leases; absent where they are not known. */
  readonly ranges?: readonly DhcpRange[];
  /** True: a reservation without an address is refused. */
  readonly needsAddress: boolean;
  /** Where an address is needed and the guest holds none: of these a free one may be reserved. Absent, or empty: of none. */
  readonly freeAddresses?: readonly AddressRange[];
  /** False: a lease that lives keeps its name until its guest asks again. Absent: it is renamed at once. */
  readonly renamesLeases?: false;
  /** False: the server tells no DNS of what it leases. Absent: it does, or that is not known. */
  readonly registersNames?: false;
  /** Why the product would take this reservation, and pass over it or die of it; undefined for one that it heeds. */
  readonly unfit?: (wished: OwnReservation) => string | undefined;
  /** The domains under which the server registers names in DNS; empty for none at all, absent where it is not known. */
  readonly domains?: readonly string[];
}

/** Whether a DHCP server was seen alive, and by what sign. */
export type Liveness =
  | { readonly alive: true; readonly sign: string }
  | { readonly alive: false; readonly why: string };

/** A DNS resolver. A server that cannot be asked is a thrown `SourceError`, never an empty answer. */
export interface Resolver {
  /** The id in the configuration. */
  readonly id: string;
  /** IPv4 addresses of a name (A records). */
  forward(name: Fqdn, signal: AbortSignal): Promise<DnsAnswer<Address>>;
  /** IPv6 addresses of a name as written (AAAA records). */
  forward6?(name: Fqdn, signal: AbortSignal): Promise<DnsAnswer<string>>;
  /**
   * Whether it knows the name at all, asked in a way that leaves no answer about A records in its cache. Absent where it
   * cannot be asked so.
   */
  knows?(name: Fqdn, signal: AbortSignal): Promise<boolean>;
  /** A or AAAA records of a name, each with the seconds for which it may still be remembered. Absent where nobody tells. */
  lifetimes?(name: Fqdn, family: 4 | 6, signal: AbortSignal): Promise<DnsAnswer<TimedAddress>>;
  /** Names of an address (PTR records). */
  reverse(address: Address, signal: AbortSignal): Promise<DnsAnswer<Fqdn>>;
}

/** An address of a name, and how long the answer holds. */
export interface TimedAddress {
  /** IPv4, or IPv6 as written. */
  readonly address: string;
  /** The TTL of the record as this resolver gave it; it counts down where the answer comes from a cache (RFC 1035 section 3.2.1). */
  readonly ttlSeconds: number;
}

/** What a resolver said: records, none, or that it serves no such zone at all. */
export type DnsAnswer<T> =
  | { readonly status: 'answered'; readonly records: readonly T[] }
  | { readonly status: 'none' }
  | { readonly status: 'not-served'; readonly why: string };

/**
 * One part of the single round trip into a guest: a POSIX fragment that prints values by the
 * helpers of `observe/gather.ts`, and the pure reading of what it printed.
 */
export interface GuestProbe<T> {
  /** Prefix of the keys that it prints, such as `nm`. */
  readonly section: string;
  /**
   * Uses `$1`, the MAC address of the network interface, lower case, and `$devices`, the names of the devices
   * that bear it and of those above them. Changes nothing.
   */
  readonly script: string;
  parse(values: ProbeValues): T;
}

/** What a probe printed, decoded, by key without the section's prefix. */
export type ProbeValues = ReadonlyMap<string, string>;

/** A kind of DHCP client, written once on any {@link Shell}. */
export interface DhcpClient {
  readonly kind: DhcpClientState['kind'];
  /** Undefined when another client, or none, owns the interface. */
  readonly probe: GuestProbe<DhcpClientState | undefined>;
  /** Carries out one remedy of this client's ladder; its exit code is no proof. */
  apply(shell: Shell, remedy: DhcpClientRemedy, signal: AbortSignal): Promise<void>;
  /** Puts one write of this client's back where it still stands. Asks the DHCP server for nothing. */
  restore(shell: Shell, write: GuestWrite, signal: AbortSignal): Promise<Restored>;
}

/**
 * What came of putting a write back, as the guest showed afterwards: `changed`: something else stands there by now, and
 * was left; `gone`: that in which it stood is not there any more; `fades`: it is kept in no file, and to take it back now
 * would ask the DHCP server, so it is left until the interface is taken up anew.
 */
export type Restored = 'restored' | 'changed' | 'gone' | 'fades';

/** Watches whether a machine answers while something is done to it. */
export interface Reachability {
  /** Begins to ask the address; what keeps it from being asked is told by `stop`. */
  watch(address: Address, signal: AbortSignal): Promise<{ stop(): Promise<Outage> }>;
}

/** What was seen of a machine's absence while it was watched. */
export type Outage =
  | {
      readonly seen: true;
      /** Longest time without an answer, in milliseconds, less the time between two questions; 0 for none lost. */
      readonly longestMs: number;
      readonly asked: number;
      readonly lost: number;
    }
  /** It never answered, or the program that asks is missing. */
  | { readonly seen: false; readonly why: string };

/** Host keys that were learnt, per VM and uuid; never per address. */
export interface HostKeyStore {
  /** Undefined when none was learnt. */
  pinned(alias: string): Promise<PinnedHostKeys | undefined>;
  pin(alias: string, keys: PinnedHostKeys): Promise<void>;
  /** The known_hosts file that holds the pin of this alias once there is one, for ssh. */
  file(alias: string): string;
}

/** The host keys of one guest, each as `type base64`, and how they were learnt. */
export interface PinnedHostKeys {
  readonly keys: readonly string[];
  /** `guest agent of node/vmid`, for people. */
  readonly learntBy: string;
  /** ISO 8601, UTC. */
  readonly learntAt: string;
}

/** Time, as a port: tests put their own in its place. */
export interface Clock {
  /** Now, ISO 8601, UTC. */
  now(): string;
  /** Milliseconds on a clock that is never set back. */
  elapsed(): number;
  /** Resolves after the time, rejects when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
