import type { Address } from '../../domain/address.ts';
import type { Emit, RebuildStep } from '../../domain/event.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { MachineIdentity } from '../../domain/guest-facts.ts';
import type { Hostname } from '../../domain/name.ts';
import type {
  Clock,
  DhcpServer,
  GuestProbe,
  HostKeyStore,
  Hypervisor,
  Resolver,
  Shell,
  SystemBuilder,
} from '../../domain/ports.ts';
import type { Remedy } from '../../domain/remedy.ts';
import type { Segment } from '../../domain/segment.ts';
import type { GuestProbes } from '../../observe/probes.ts';

/** What a person asked for. */
export interface RebuildRequest {
  readonly name: Hostname;
  readonly vmid: number;
  readonly node: string;
  /** Path of the Nix configuration on this machine. */
  readonly configuration: string;
  readonly buildOn: SystemBuilder['where'];
  /** Read everything, change nothing. */
  readonly dryRun: boolean;
  /** Go on although a resolver answers the name with another address. */
  readonly takeName: boolean;
}

/** Where and as whom a guest is entered. */
export interface GuestLogin {
  readonly guest: GuestSummary;
  readonly name: Hostname;
  readonly address: Address;
  /** Under which the host keys are pinned. */
  readonly alias: string;
}

/** Everything outside of the flow, put in by the composition root. */
export interface RebuildSources {
  readonly hypervisor: Hypervisor;
  readonly segments: readonly Segment[];
  readonly dhcpServer: (id: string) => DhcpServer;
  readonly resolver: (id: string) => Resolver;
  readonly hostKeys: HostKeyStore;
  readonly shell: (login: GuestLogin) => Shell;
  readonly builder: (
    where: SystemBuilder['where'],
    login: GuestLogin,
    shell: Shell,
  ) => Promise<SystemBuilder>;
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
