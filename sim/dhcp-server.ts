import type { Address } from '../src/domain/address.ts';
import type { Lease } from '../src/domain/lease.ts';
import type { Mac } from '../src/domain/mac.ts';
import type { DhcpServer } from '../src/domain/ports.ts';
import type { Reservation } from '../src/domain/reservation.ts';
import type { SimClock } from './clock.ts';

/** What a client asks with: a REQUEST, of a new lease or of one that it holds. */
export interface DhcpRequest {
  readonly mac: Mac;
  /** Option 61, lower-case hexadecimal with colons. */
  readonly clientId: string;
  /** Option 12; undefined where the client sends none. */
  readonly name: string | undefined;
}

/** What the server answers. */
export interface Acknowledgement {
  readonly address: Address;
  /** Option 12: the name that it took; undefined where it took none. */
  readonly name: string | undefined;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** A DHCP server in memory, by the rules of dnsmasq. */
export interface SimDhcpServer {
  /** As Truename sees it. */
  readonly port: DhcpServer;
  /** As its clients see it. Throws while it is frozen: what a client does then is not simulated. */
  request(request: DhcpRequest): Acknowledgement;
  /** As somebody sees it who looks into its lease table: all leases, the one that was granted first before the others. */
  leases(): readonly Lease[];
  /** Reserves a name for a MAC address: it holds at once for a lease that is there, and for every later one. */
  reserve(mac: Mac, name: string): void;
  /** Stops it in its tracks, or lets it go on. */
  freeze(frozen: boolean): void;
}

/** Where a server is, and what it grants. */
export interface SimDhcpServerOptions {
  readonly id: string;
  readonly clock: SimClock;
  /** The first address that it grants; the others follow. */
  readonly firstLease: Address;
}

/** As the lab's dnsmasq grants it: a day. */
const leaseSeconds = 86_400;

/**
 * What the lab has shown of dnsmasq 2.90: a REQUEST sets the name of its lease at once; one without a name, or with one that
 * is refused, leaves the name that is there; of two leases with one name the last REQUEST has it, and the other has none.
 */
export function simDhcpServer({ id, clock, firstLease }: SimDhcpServerOptions): SimDhcpServer {
  const leases = new Map<Mac, Lease>();
  const reservations: Reservation[] = [];
  let frozen = false;

  const reservedName = (mac: Mac) => reservations.findLast((each) => each.mac === mac)?.name;
  const give = (lease: Lease, name: string | undefined) => {
    const { name: _, ...nameless } = lease;
    for (const other of leases.values()) {
      if (name === undefined || other.mac === lease.mac || !sameLetters(other.name, name)) continue;
      const { name: __, ...without } = other;
      leases.set(other.mac, without);
    }
    leases.set(lease.mac, name === undefined ? nameless : { ...nameless, name });
  };

  return {
    port: {
      id,
      leases: async () => ({ leases: [...leases.values()], readAt: clock.now() }),
      alive: async () =>
        frozen ? { alive: false, why: 'it does not answer' } : { alive: true, sign: 'it answers' },
      reservations: async () => [...reservations],
    },
    request({ mac, clientId, name }) {
      if (frozen) throw new Error(`the simulation knows no client that asks a silent server (${id})`);
      const held = leases.get(mac);
      const address = held?.address ?? nextAddress(firstLease, leases.size);
      const expiresAt = wholeSeconds(Date.parse(clock.now()) + leaseSeconds * 1000);
      const taken = reservedName(mac) ?? takenName(name);
      give({ address, mac, clientId, expiresAt }, taken ?? held?.name);
      return { address, name: taken, expiresAt };
    },
    leases: () => [...leases.values()],
    reserve(mac, name) {
      reservations.push({ mac, name, file: `${id}.conf` });
      const lease = leases.get(mac);
      if (lease !== undefined) give(lease, name);
    },
    freeze(now) {
      frozen = now;
    },
  };
}

/** The first label, where it is one that dnsmasq takes; undefined for what it refuses, and for none. */
function takenName(name: string | undefined): string | undefined {
  const label = name?.split('.')[0] ?? '';
  return /^[a-z0-9_][a-z0-9_-]{0,62}$/i.test(label) ? label : undefined;
}

function sameLetters(left: string | undefined, right: string): boolean {
  return left?.toLowerCase() === right.toLowerCase();
}

function nextAddress(first: Address, granted: number): Address {
  const [net, last] = [
    first.slice(0, first.lastIndexOf('.')),
    Number(first.slice(first.lastIndexOf('.') + 1)),
  ];
  return `${net}.${last + granted}` as Address;
}

/** The lease file counts in seconds. */
function wholeSeconds(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}
