import type { Emit, RebuildStep } from '../../domain/event.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { MachineIdentity } from '../../domain/guest-facts.ts';
import type { GuestLogin } from '../../domain/guest-login.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import type {
  Clock,
  DhcpServer,
  GuestProbe,
  HostKeyStore,
  Hypervisor,
  Resolver,
  Shell,
} from '../../domain/ports.ts';
import type { Remedy } from '../../domain/remedy.ts';
import type { Segment } from '../../domain/segment.ts';
import type { SystemBuilder } from '../../domain/system-builder.ts';
import type { GuestProbes } from '../../observe/probes.ts';

/** What a person asked for. */
export interface RebuildRequest {
  readonly name: Hostname;
  readonly vmid: number;
  readonly node: string;
  /** Path of the Nix configuration on this machine, or of the folder of a flake. */
  readonly configuration: string;
  /** Name of the system in the flake; absent where the configuration is a file. */
  readonly flake?: string;
  /** What `<nixpkgs>` stands for where it is built; absent: what it stands for there. */
  readonly nixpkgs?: string;
  /** A configuration that names another machine is built as it is. */
  readonly keepDeclaredName: boolean;
  /** After an activation that failed the system of before is put in force again. */
  readonly rollbackOnFailure: boolean;
  readonly buildOn: SystemBuilder['where'];
  /** How long a lock of the hypervisor's that passes is waited for, in milliseconds; 0: not at all. */
  readonly lockMs: number;
  /** Whether the VM may be rebooted where its new system needs that. */
  readonly mayReboot: boolean;
  /** Read everything, change nothing. */
  readonly dryRun: boolean;
  /** Go on although a resolver answers the name with another address. */
  readonly takeName: boolean;
}

/** What a configuration is made of, before anybody is asked for anything. */
export interface TravellingConfiguration {
  /** Files that are evaluated, below the folder of the configuration, itself first. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** What a person should know of them. */
  readonly notes: readonly string[];
}

/** Everything outside of the flow, put in by the composition root. */
export interface RebuildSources {
  /** Reads the configuration and what it reads; throws `usage` and `configuration-invalid`. */
  readonly configuration: () => Promise<TravellingConfiguration>;
  readonly hypervisor: Hypervisor;
  readonly segments: readonly Segment[];
  /** The slot of the NIC that carries the name of a guest, where somebody configured one. */
  readonly nicFor?: (guest: GuestSummary) => string | undefined;
  readonly dhcpServer: (id: string) => DhcpServer;
  readonly resolver: (id: string) => Resolver;
  readonly hostKeys: HostKeyStore;
  /** Takes the guest for this run alone; throws `busy` where another has it. */
  readonly lock: (alias: string) => Promise<{ release(): Promise<void> }>;
  readonly shell: (login: GuestLogin) => Shell;
  readonly builder: (
    where: SystemBuilder['where'],
    login: GuestLogin,
    shell: Shell,
  ) => Promise<SystemBuilder>;
  /** What tells the machine that this runs on from the VM. */
  readonly thisMachine: () => Promise<{ readonly macs: readonly Mac[]; readonly uuid?: string }>;
  readonly probes: GuestProbes;
  readonly identityProbe: GuestProbe<MachineIdentity>;
  readonly waitForCloudInit: (shell: Shell, seconds: number, signal: AbortSignal) => Promise<void>;
  /** Carries out one remedy in the guest; its exit code is no proof. */
  readonly apply: (shell: Shell, remedy: Remedy, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  /** How long a guest may take to start, and a name to arrive at lease and DNS, in milliseconds. */
  readonly patience: { readonly bootMs: number; readonly proofMs: number };
  /** True: a resolver without a reverse zone is a failure. */
  readonly reverseRequired: boolean;
}

/** What each step gets. */
export interface RebuildContext {
  readonly request: RebuildRequest;
  readonly sources: RebuildSources;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly output: (line: string) => void;
  readonly emit: Emit;
  readonly step: RebuildStep;
}
