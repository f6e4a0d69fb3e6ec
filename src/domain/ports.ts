import type { Address } from './address.ts';
import type { DhcpClientState } from './dhcp-client.ts';
import type { AgentInterface, GuestConfiguration, GuestRef, GuestSummary } from './guest.ts';
import type { LeaseTable } from './lease.ts';
import type { Fqdn } from './name.ts';
import type { DhcpClientRemedy } from './remedy.ts';

/** A hypervisor or a cluster of them. Everything it throws is a `SourceError`. */
export interface Hypervisor {
  /** The id in the configuration. */
  readonly id: string;
  /** The guest with this number, anywhere on the cluster; undefined when the cluster knows none. */
  find(vmid: number, signal: AbortSignal): Promise<GuestSummary | undefined>;
  /** The guest's configuration as its next start would use it. */
  configuration(ref: GuestRef, signal: AbortSignal): Promise<GuestConfiguration>;
  /** Starts or reboots (cold: pending changes and a new cloud-init disc take effect); resolves when the task ended well. */
  power?(ref: GuestRef, action: 'start' | 'reboot', signal: AbortSignal): Promise<void>;
  /** The way into the guest that needs no network; absent where the product has none. */
  agent?(ref: GuestRef): GuestAgent;
}

/** The agent inside a guest, reached through its hypervisor. What it says is the guest's word. */
export interface GuestAgent {
  /** Interfaces with their IPv4 addresses; throws `agent-silent` when nobody answers. */
  interfaces(signal: AbortSignal): Promise<AgentInterface[]>;
  /** Runs a program without a shell; the first element is the program. */
  run(command: readonly string[], signal: AbortSignal): Promise<CommandResult>;
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
  /** Names of an address (PTR records). */
  reverse(address: Address, signal: AbortSignal): Promise<DnsAnswer<Fqdn>>;
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
  /** Uses `$1`, the MAC address of the network interface, lower case. Changes nothing. */
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
}

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

/** Builds a NixOS system from one configuration and makes it the guest's. */
export interface SystemBuilder {
  /** Where evaluation and build run. */
  readonly where: 'target' | 'controller';
  /** Carries the configuration to where it is built, whole or not at all; activates nothing. */
  prepare(signal: AbortSignal): Promise<void>;
  /** The host name that the configuration evaluates to; empty when it declares none. */
  declaredName(signal: AbortSignal): Promise<string>;
  /** Builds and switches; every line of output goes to `onLine` as it comes. */
  switch(onLine: (line: string) => void, signal: AbortSignal): Promise<SwitchOutcome>;
}

/**
 * How a switch ended. `units-failed` and `reboot-required`: the new system is in force all the same
 * (switch-to-configuration's exit codes 4 and 100).
 */
export interface SwitchOutcome {
  readonly result: 'switched' | 'units-failed' | 'reboot-required' | 'not-built' | 'not-activated';
  readonly exitCode: number;
  /** The last lines of output, for the error message. */
  readonly tail: readonly string[];
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
