import type { GuestSummary } from '../../domain/guest.ts';
import type { JournalledRun, Locks, RunJournal, ServerPauses } from '../../domain/journal.ts';
import type { Clock, DhcpServer, Hypervisor, Resolver } from '../../domain/ports.ts';
import type { Segment } from '../../domain/segment.ts';

/** Everything outside of a run that reserves or releases, put in by the composition root. */
export interface ReserveSources {
  readonly hypervisor: Hypervisor;
  readonly segments: readonly Segment[];
  readonly dhcpServer: (id: string) => DhcpServer;
  readonly resolver: (id: string) => Resolver;
  /** The NIC that is to carry a guest's name, where the configuration says so. */
  readonly nicFor?: (guest: GuestSummary) => string | undefined;
  readonly now: () => string;
  readonly clock: Clock;
  /** How long a name may take to arrive at lease and DNS, and one look, in milliseconds. */
  readonly patience: { readonly proofMs: number; readonly lookMs: number };
  /** All runs that wrote something, newest first. */
  readonly runs: () => Promise<readonly JournalledRun[]>;
  /** For how long earlier writes kept servers from answering; absent where nobody remembers it. */
  readonly pauses?: ServerPauses;
  /** Absent where nothing may be written: in a dry run. */
  readonly memory?: ReserveMemory;
}

/** Where a run remembers what it writes. */
export interface ReserveMemory {
  readonly journal: RunJournal;
  readonly locks: Locks;
}
