import type { Address } from './address.ts';
import type { GuestRef } from './guest.ts';
import type { Mac } from './mac.ts';
import type { Hostname } from './name.ts';
import type { ProfileCopy } from './remedy.ts';

/** Something that a run wrote into a guest, with what stood there before: enough to put it back. */
export type GuestWrite =
  | { readonly kind: 'static-name'; readonly was: string; readonly wrote: string }
  | { readonly kind: 'transient-name'; readonly was: string; readonly wrote: string }
  /** `ipv4.dhcp-hostname` of a connection profile; empty for none. */
  | {
      readonly kind: 'profile-name';
      readonly connection: string;
      readonly copy: ProfileCopy;
      readonly was: string;
      readonly wrote: string;
    }
  /** `ipv4.dhcp-send-hostname` of a connection profile. */
  | {
      readonly kind: 'profile-sends-name';
      readonly connection: string;
      readonly copy: ProfileCopy;
      readonly was: boolean;
      readonly wrote: boolean;
    }
  /** A drop-in of Truename's own for a .network file: the name in it; `null` for no file. */
  | {
      readonly kind: 'drop-in';
      readonly path: string;
      readonly was: DropIn | null;
      readonly wrote: DropIn;
    }
  /** The name on the `hostname` line of dhcpcd.conf; empty for the line without a name. */
  | { readonly kind: 'conf-name'; readonly file: string; readonly was: string; readonly wrote: string };

/** What a drop-in of Truename's own says: a name, that no name is sent, or nothing at all. */
export type DropIn = { readonly name: string } | 'send-none' | 'nothing';

/** A reservation of Truename's at a DHCP server, with what it was before: enough to put that back. */
export interface ReservationWrite {
  readonly kind: 'reservation';
  /** Id of the DHCP server in the configuration. */
  readonly server: string;
  readonly mac: Mac;
  readonly was: ReservedAs | null;
  readonly wrote: ReservedAs | null;
  /** The name that the living lease bore before; null for none. */
  readonly leaseName: string | null;
}

/** A VM that Truename makes, or made: written before anything of it is there. What it takes back is the VM itself. */
export interface GuestMaking {
  readonly kind: 'guest';
  /** Number of the guest that it is a copy of. */
  readonly source: number;
  /** The line of the VM's description that only this run writes: a VM of this number without it is somebody else's. */
  readonly mark: string;
}

/** What was reserved for a MAC address. */
export interface ReservedAs {
  readonly name: Hostname;
  readonly address?: Address;
}

/** Anything that a run writes. */
export type AnyWrite = GuestWrite | ReservationWrite | GuestMaking;

/** Whose write it is. */
export interface JournalledGuest {
  readonly ref: GuestRef;
  readonly kind: 'vm' | 'container';
  /** At the hypervisor. */
  readonly name: string;
  /** Number and uuid in one word, as host keys are pinned: a number alone may be another guest's tomorrow. */
  readonly alias: string;
}

/** One write of a run, as the journal remembers it. */
export interface JournalledWrite {
  /** Counts up within the run, from 1. */
  readonly number: number;
  readonly guest: JournalledGuest;
  readonly write: AnyWrite;
  /** ISO 8601, UTC: when it was about to be written. */
  readonly at: string;
  /** False when the run ended before it could say that it was written: it may stand there or not. */
  readonly certain: boolean;
  /** The run that put it back; absent while it stands. */
  readonly undoneBy?: string;
}

/** The commands that write. */
export const journalledCommands = ['fix', 'undo', 'reserve', 'release', 'clone', 'remove'] as const;
export type JournalledCommand = (typeof journalledCommands)[number];

/** What is remembered of one run. */
export interface JournalledRun {
  /** Its id, such as `20261126-013000-3f9a`. */
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly command: JournalledCommand;
  /** In the order in which they were written. */
  readonly writes: readonly JournalledWrite[];
}

/** The journal of the run under way. Every promise resolves when the line is on the disk. */
export interface RunJournal {
  readonly run: string;
  /** To be called before the write; resolves to its number. */
  writing(guest: JournalledGuest, write: AnyWrite): Promise<number>;
  /** To be called after it. */
  written(number: number): Promise<void>;
  /** Says in another run's journal that one of its writes was put back by this one. */
  undone(run: string, number: number): Promise<void>;
  /** Says in another run's journal that one of its writes, of which nobody had said so, was found written. */
  found(run: string, number: number): Promise<void>;
}

/** Who works on a guest. */
export interface LockHolder {
  readonly run: string;
  /** Process id, on `host`. */
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** Locks by name, such as a guest's alias; a lock whose process is gone is taken over. */
export interface Locks {
  /** Takes the lock, or says who holds it. */
  take(name: string, run: string): Promise<{ release(): Promise<void> } | { readonly heldBy: LockHolder }>;
  /** Who holds it now; undefined for nobody. */
  holder(name: string): Promise<LockHolder | undefined>;
}

/** The host names that Truename itself gave to guests, by alias: any other was set by somebody on purpose. */
export interface WrittenNames {
  last(alias: string): Promise<string | undefined>;
  remember(alias: string, name: string): Promise<void>;
}

/** For how long writes kept DHCP servers from answering, in milliseconds, by the id of the server. */
export interface ServerPauses {
  /** The last one; undefined where none is known. */
  last(server: string): Promise<number | undefined>;
  remember(server: string, pausedMs: number): Promise<void>;
}
