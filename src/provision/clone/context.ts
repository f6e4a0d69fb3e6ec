import type { ReserveSources } from '../../apply/reserve/sources.ts';
import type { CloneEvent } from '../../domain/clone-event.ts';
import type { GuestMaker } from '../../domain/guest-maker.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import type { GuestProbes } from '../../observe/probes.ts';
import type { ReservationPolicy } from '../../plan/decide-reservation.ts';

/** What a person asked for. */
export interface CloneOrder {
  readonly run: string;
  readonly names: readonly Hostname[];
  /** Number or name of what is copied. */
  readonly from: string;
  /** Of the first clone; those after it have the next free ones. Absent: where the cluster begins to count. */
  readonly vmid?: number;
  /** The node that is to have them; absent: the source's. */
  readonly node?: string;
  readonly disks: 'linked' | 'full';
  /** Of full copies. */
  readonly storage?: string;
  readonly pool?: string;
  /** Name of the segment that the NIC with the name is plugged into; absent: as at the source. */
  readonly segment?: string;
  /** Of the NIC with the name, for one clone; absent: a new one is chosen. */
  readonly mac?: Mac;
  readonly cores?: number;
  readonly memoryMiB?: number;
  /** `must`: nothing is made where no server takes reservations. */
  readonly reserve: 'where-possible' | 'must' | 'never';
  readonly start: boolean;
  /** Take a name whose holder is gone. */
  readonly replace: boolean;
  /** Where one clone fails, take away all that this run made. */
  readonly rollback: boolean;
  readonly policy: Omit<ReservationPolicy, 'takeName' | 'adopt'>;
}

/** Everything outside of the flow, put in by the composition root; without a memory nothing is written. */
export interface CloneSources extends Omit<ReserveSources, 'patience'> {
  /** Ids of all DHCP servers of the configuration. */
  readonly dhcpServers: readonly string[];
  readonly probes: GuestProbes;
  /** Bytes for MAC addresses, as many as asked for. */
  readonly random: (count: number) => Uint8Array;
  /** How long a guest may take to start, a name to arrive at lease and DNS, and one look, in milliseconds. */
  readonly patience: ReserveSources['patience'] & { readonly bootMs: number };
  /** True: a resolver without a reverse zone is a failure. */
  readonly reverseRequired: boolean;
}

/** What each step gets. */
export interface CloneContext {
  readonly order: CloneOrder;
  readonly sources: CloneSources;
  readonly maker: GuestMaker;
  readonly signal: AbortSignal;
  /** Numbers that clones of this run were given, whether they are made already or not. */
  readonly numbers: Set<number>;
  readonly tell: (event: Omit<CloneEvent, 'at'>) => void;
}

/** Never throws. */
export type TellClone = (event: CloneEvent) => void;
