import { inSubnet } from '../domain/address.ts';
import { isLiving, type Lease, type Lease6, type LeaseTable } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import { sameName } from '../domain/name.ts';
import type { Observation } from '../domain/observation.ts';
import type { DhcpServer } from '../domain/ports.ts';
import { labelsIn, type Segment } from '../domain/segment.ts';
import { attempt } from './attempt.ts';

/** One server, the segments that it serves, and its table. */
export interface ServerLeases {
  readonly server: string;
  readonly segments: readonly Segment[];
  readonly table: Observation<LeaseTable>;
}

/** Which leases are meant; one that is left out narrows nothing. */
export interface LeaseQuery {
  /** Of an IPv6 lease the MAC address that its DUID holds. */
  readonly mac?: Mac;
  /** A label, or a full name in the domain of a segment that the server serves. */
  readonly name?: string;
  /** IPv4 or IPv6, in lower case. */
  readonly address?: string;
  /** True: those that ended by the server's clock as well. */
  readonly ended: boolean;
}

/** A lease that was found, and where. */
export interface FoundLease {
  readonly server: string;
  readonly lease: Lease | Lease6;
  readonly living: boolean;
  /** Segments of this server whose subnet holds the address; those without a subnet hold any. */
  readonly segments: readonly string[];
  readonly remarks: readonly LeaseRemark[];
}

/**
 * What is odd about a living lease: its MAC address holds one at another server too; another MAC address holds the same
 * name in the same domain; its address lies in no subnet of its server's segments.
 */
export type LeaseRemark = 'on-several-servers' | 'name-held-twice' | 'outside-segments';

/** Reads the tables of all servers at once; one that cannot be read is an observation that says so. */
export async function readLeases(
  servers: readonly DhcpServer[],
  segments: readonly Segment[],
  now: () => string,
  signal: AbortSignal,
): Promise<ServerLeases[]> {
  return Promise.all(
    servers.map(async (server) => ({
      server: server.id,
      segments: segments.filter((each) => each.dhcpServer === server.id),
      table: await attempt(`leases of ${server.id}`, now, signal, (until) => server.leases(until)),
    })),
  );
}

/** The leases that are meant, by server and address. Remarks are made of all that was read, not of what is shown. */
export function searchLeases(read: readonly ServerLeases[], query: LeaseQuery): FoundLease[] {
  const seen = countLiving(read);
  return read.flatMap((at) => {
    const { table } = at;
    if (table.seen !== 'value') return [];
    const all: (Lease | Lease6)[] = [...table.value.leases, ...(table.value.leases6 ?? [])];
    return all
      .filter((lease) => isMeant(lease, at.segments, query))
      .map((lease): FoundLease => {
        const living = isLiving(lease, table.value);
        const held = holding(lease, at.segments);
        const remarks = living ? remarksOn(lease, at, held, seen) : [];
        return { server: at.server, lease, living, segments: held.map(({ name }) => name), remarks };
      })
      .filter(({ living }) => living || query.ended)
      .sort((left, right) => byAddress(left.lease.address, right.lease.address));
  });
}

/** The MAC address of the holder, as far as it is known. */
export function macOf(lease: Lease | Lease6): Mac | undefined {
  return 'mac' in lease ? lease.mac : macInDuid(lease.duid);
}

/** DUID-LLT (type 1) and DUID-LL (type 3) of Ethernet (hardware type 1) end in the MAC address (RFC 8415 section 11). */
function macInDuid(duid: string | undefined): Mac | undefined {
  const linkLayer = /^00:0(?:1:00:01(?::[0-9a-f]{2}){4}|3:00:01):((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/.exec(
    duid ?? '',
  );
  return linkLayer?.[1] as Mac | undefined;
}

function isMeant(lease: Lease | Lease6, segments: readonly Segment[], query: LeaseQuery): boolean {
  if (query.mac !== undefined && macOf(lease) !== query.mac) return false;
  if (query.address !== undefined && lease.address !== query.address) return false;
  if (query.name === undefined) return true;
  // dnsmasq keeps names without the domain, Kea keeps what the client sent.
  const names = [query.name, ...labelsIn(query.name, segments)];
  const borne = [lease.name, ...labelsIn(lease.name?.replace(/\.$/, '') ?? '', segments)];
  return names.some((name) => borne.some((each) => sameName(each, name)));
}

function holding(lease: Lease | Lease6, segments: readonly Segment[]): Segment[] {
  if (!('mac' in lease)) return [...segments];
  return segments.filter(({ subnet }) => subnet === undefined || inSubnet(lease.address, subnet));
}

/** What of the living leases is there more than once. */
interface Counted {
  /** Servers by MAC address. */
  readonly servers: ReadonlyMap<string, ReadonlySet<string>>;
  /** MAC addresses by name and domain. */
  readonly holders: ReadonlyMap<string, ReadonlySet<string>>;
}

function countLiving(read: readonly ServerLeases[]): Counted {
  const [servers, holders] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  for (const { server, segments, table } of read) {
    if (table.seen !== 'value') continue;
    for (const lease of table.value.leases) {
      if (!isLiving(lease, table.value)) continue;
      remember(servers, lease.mac, server);
      for (const key of namesOf(lease, holding(lease, segments))) remember(holders, key, lease.mac);
    }
  }
  return { servers, holders };
}

function remember(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function namesOf({ name }: Lease, held: readonly Segment[]): string[] {
  return name === undefined ? [] : held.map(({ domain }) => `${name.toLowerCase()}.${domain}`);
}

function remarksOn(
  lease: Lease | Lease6,
  { segments }: ServerLeases,
  held: readonly Segment[],
  { servers, holders }: Counted,
): LeaseRemark[] {
  if (!('mac' in lease)) return [];
  const several = (servers.get(lease.mac)?.size ?? 0) > 1;
  const twice = namesOf(lease, held).some((key) => (holders.get(key)?.size ?? 0) > 1);
  return [
    ...(several ? (['on-several-servers'] as const) : []),
    ...(twice ? (['name-held-twice'] as const) : []),
    ...(segments.length > 0 && held.length === 0 ? (['outside-segments'] as const) : []),
  ];
}

const numbers = new Intl.Collator('en', { numeric: true });

/** IPv4 before IPv6, each by its numbers. */
function byAddress(left: string, right: string): number {
  return Number(left.includes(':')) - Number(right.includes(':')) || numbers.compare(left, right);
}
