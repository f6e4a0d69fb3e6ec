import type { CloudInitSeed } from './cloud-init-seed.ts';
import type { DhcpRange, LeaseLimits } from './dhcp-range.ts';
import type { ErrorCode } from './error.ts';
import type { AgentInterface, GuestConfiguration, GuestRef, GuestSummary, Nic } from './guest.ts';
import type { HostEntry } from './host-entry.ts';
import type { Lease } from './lease.ts';
import type { Mac } from './mac.ts';
import type { Fqdn } from './name.ts';
import type { Observation } from './observation.ts';
import type { Reservation } from './reservation.ts';
import type { Segment } from './segment.ts';
import type { Snapshot } from './snapshot.ts';
import type { WireCapture } from './wire.ts';

/** Everything that was seen of one machine: plain data, from which all findings follow. */
export interface Evidence {
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  readonly guest: GuestSummary;
  readonly configuration: Observation<GuestConfiguration>;
  /** The network interface whose name is looked at; undefined for a guest without one. */
  readonly nic: Nic | undefined;
  /** Undefined where no segment in the configuration holds the NIC. */
  readonly segment: Segment | undefined;
  /** The name at the hypervisor up to its first dot: what the machine is to be called. */
  readonly wanted: string;
  /** Undefined without a segment, or where the wanted name is no host name. */
  readonly fqdn: Fqdn | undefined;
  readonly seed: Observation<CloudInitSeed>;
  /** How the guest was entered, and what else was tried. */
  readonly entry: Entry;
  /** The interfaces as the guest agent of a VM lists them, or the node of a container. */
  readonly agent: Observation<readonly AgentInterface[]>;
  /** Whether the guest's host keys are the pinned ones. */
  readonly hostKeys: 'as-pinned' | 'differ' | 'not-pinned' | 'unknown';
  readonly snapshot: Snapshot;
  /** The reservation of the NIC's MAC address at the segment's DHCP server. */
  readonly reservation: Observation<Reservation>;
  readonly neighbours: Neighbours;
  /** Absent unless it was asked for. */
  readonly wire?: Observation<WireCapture>;
}

/** The ways into a guest. */
export type EntryWay = 'agent' | 'container-shell' | 'ssh';

/** How a guest was entered. */
export interface Entry {
  /** The way that worked; absent when none did. */
  readonly way?: EntryWay;
  /** In the order of trying; each says why it was used, passed over, or failed. */
  readonly tried: readonly EntryAttempt[];
}

/** One way, and what came of it. */
export interface EntryAttempt {
  readonly way: EntryWay;
  readonly outcome: 'used' | 'failed' | 'passed-over';
  readonly code?: ErrorCode;
  readonly why: string;
}

/** Who else has to do with the machine's name. */
export interface Neighbours {
  /** Names of the hypervisor's templates. */
  readonly templates: readonly string[];
  /** Other guests that would bear the same host name: same letters whatever their case, up to the first dot. */
  readonly namesakes: readonly { readonly ref: GuestRef; readonly name: string }[];
  /**
   * Living leases of other MAC addresses at the same server that have to do with this machine: they bear its
   * name or its client identifier (or the DUID in it), belong to another NIC of it, or hold an address that a resolver
   * gives its name.
   */
  readonly leases: Observation<readonly Lease[]>;
  /** All NICs of the machine with the segment that holds each. */
  readonly nics: readonly { readonly nic: Nic; readonly segment?: string }[];
  /**
   * Reservations at the same server, beside the one that counts for its MAC address: for its name, the address of its lease or
   * of that reservation, its client identifier, or for its MAC address, and overruled. Absent in older bundles.
   */
  readonly reservations?: Observation<readonly Reservation[]>;
  /** Fixed answers of the server's DNS for its name or its lease's address. Absent where nothing hinted at any. */
  readonly hostEntries?: Observation<readonly HostEntry[]>;
  /**
   * Guests whose NICs bear the MAC addresses that hold its name at the server, or for which it is reserved; who is not among
   * them is none that the hypervisor shows. Absent where there are no such MAC addresses.
   */
  readonly holders?: Observation<readonly NameHolder[]>;
  /**
   * What the other DHCP servers lease to its MAC address. Absent unless its own server leases it nothing, or a resolver does not
   * know the name that its lease bears.
   */
  readonly elsewhere?: readonly LeaseElsewhere[];
  /** How much the segment's server has left to lease. Absent unless it leases the machine nothing. */
  readonly room?: Observation<LeaseRoom>;
}

/** What a server leases, and what may be leased there. */
export interface LeaseRoom {
  /** Living leases of the server, of IPv6 too. */
  readonly leases: number;
  readonly most?: NonNullable<LeaseLimits['most']>;
  /** Its ranges in the machine's segment, each with the addresses in it that are leased or reserved, each once. */
  readonly ranges: readonly (Omit<DhcpRange, 'tags'> & { readonly taken: number })[];
}

/** A guest, and the MAC address by which it holds the name of another. */
export interface NameHolder {
  readonly mac: Mac;
  readonly ref: GuestRef;
  readonly name?: string;
  readonly template: boolean;
}

/** The living leases of one MAC address at a server that is not its segment's. */
export interface LeaseElsewhere {
  /** Id in the configuration. */
  readonly dhcpServer: string;
  readonly leases: Observation<readonly Lease[]>;
}

/** How a guest comes by its address, as far as anyone can tell. */
export type Addressing = 'dhcp' | 'static' | 'unknown';

/**
 * A fixed address needs two signs in agreement, or the word of the guest itself; else DHCP is assumed where a lease
 * or client shows it.
 */
export function addressingOf(evidence: Evidence): Addressing {
  const { guest, lease } = evidence.snapshot;
  if (guest.seen === 'value') {
    const { client, interfaces } = guest.value;
    const addresses = interfaces.flatMap((each) => each.addresses);
    if (client?.activated === true || addresses.some((each) => each.dynamic)) return 'dhcp';
    // Some clients, busybox's among them, set addresses without a lifetime: a living lease gives them away.
    const leased = lease.seen === 'value' ? lease.value.lease.address : undefined;
    const fixed = addresses.every((each) => each.address !== leased);
    if (client === undefined && addresses.length > 0 && fixed) return 'static';
  }
  if (lease.seen === 'value') return 'dhcp';
  const told = evidence.nic?.ipv4;
  if (typeof told === 'object') return 'static';
  return told === 'dhcp' || (guest.seen === 'value' && guest.value.client !== undefined) ? 'dhcp' : 'unknown';
}
