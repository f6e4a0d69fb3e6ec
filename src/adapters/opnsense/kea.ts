import { formatSubnet, inSubnet, parseSubnet, type Subnet } from '../../domain/address.ts';
import type { AddressRange } from '../../domain/address-range.ts';
import { SourceError } from '../../domain/error.ts';
import type { Clock } from '../../domain/ports.ts';
import type { OwnReservation } from '../../domain/reservation.ts';
import type { OpnsenseApi } from './api.ts';
import type { DhcpBackend } from './dhcp-backend.ts';
import { reservationFields, reservationsPlace, understandReservation } from './kea-reservations.ts';
import { keaTable } from './leases.ts';
import { readGrid } from './read.ts';
import { keaLeaseSchema, keaReservationSchema, keaSubnetSchema } from './schema.ts';
import type { Service } from './service.ts';
import { type Fields, rowTable } from './table.ts';

/** What the product's Kea needs beside its API. */
export interface KeaBackendOptions {
  readonly service: Service;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Of which a free address may be reserved. */
  readonly addresses: readonly AddressRange[];
}

/**
 * Kea writes down that it runs before it reads its configuration and opens its control socket (src/bin/dhcp4/main.cc), and the
 * script that starts it does not wait (keactrl): for that long one that is about to die of it, or knows no lease yet, looks as
 * one that runs.
 */
export const keaReadsMs = 1000;

/** A subnet that Kea serves. */
interface KeaSubnet {
  readonly uuid: string;
  readonly subnet: Subnet;
}

/** The product's Kea, for IPv4. */
export function keaBackend(api: OpnsenseApi, { service, clock, addresses }: KeaBackendOptions): DhcpBackend {
  const { source } = api;
  async function subnets(signal: AbortSignal): Promise<KeaSubnet[]> {
    const { rows } = await readGrid(api, ['kea', 'dhcpv4', 'search_subnet'], keaSubnetSchema, signal);
    return rows.flatMap(({ uuid, subnet: text }) => {
      const subnet = parseSubnet(text);
      return subnet === undefined ? [] : [{ uuid, subnet }];
    });
  }
  const table = rowTable(api, {
    controller: ['kea', 'dhcpv4'],
    item: 'reservation',
    schema: keaReservationSchema,
    understand: understandReservation,
  });
  return {
    service,
    place: reservationsPlace,
    answersDns: false,
    table: {
      ...table,
      async set(uuid, fields, signal) {
        await table.set(uuid, await bySubnetUuid(fields, () => subnets(signal)), signal);
      },
    },
    async leases(signal) {
      const look = () => readGrid(api, ['kea', 'leases4', 'search'], keaLeaseSchema, signal);
      const seen = await look();
      if (seen.rows.length > 0) return keaTable(seen.rows, seen.at ?? clock.now());
      // Kea itself is asked (26.1.6): one that does not run has no rows either, nor has one that was started just now.
      await mustRun(service, source, signal);
      // Where the time is over meanwhile, the next look says so in the adapter's words.
      await clock.sleep(keaReadsMs, signal).catch(() => undefined);
      const { rows, at } = await look();
      if (rows.length === 0) await mustRun(service, source, signal);
      return keaTable(rows, at ?? clock.now());
    },
    async alive(signal) {
      const status = await service.status(signal);
      if (status === 'running') return { alive: true, sign: 'its Kea runs' };
      return { alive: false, why: `its Kea is ${status}` };
    },
    async abilities(_release, signal) {
      const served = await subnets(signal);
      return {
        needsAddress: true,
        freeAddresses: addresses,
        renamesLeases: false,
        unfit: ({ address }) =>
          address === undefined || served.some(({ subnet }) => inSubnet(address, subnet))
            ? undefined
            : `${address} lies in no subnet of Kea, which serves ${shownSubnets(served)}`,
      };
    },
    async writing(_change, signal) {
      const served = await subnets(signal);
      return (own) => reservationFields(own, subnetOf(own, served, source));
    },
  };
}

/**
 * Fields as they are written: a row before 25.7 shows the subnet in CIDR notation (L/Base/UIModelGrid.php), which no write takes
 * (M/Kea/KeaDhcpv4.xml).
 */
async function bySubnetUuid(fields: Fields, served: () => Promise<KeaSubnet[]>): Promise<Fields> {
  const shown = parseSubnet(fields.subnet ?? '');
  if (shown === undefined) return fields;
  const found = (await served()).find(({ subnet }) => formatSubnet(subnet) === formatSubnet(shown));
  return found === undefined ? fields : { ...fields, subnet: found.uuid };
}

function subnetOf({ address }: OwnReservation, served: readonly KeaSubnet[], source: string): string {
  const found = served.find(({ subnet }) => address !== undefined && inSubnet(address, subnet));
  if (found !== undefined) return found.uuid;
  throw new SourceError(
    'reservation-conflict',
    source,
    `${address ?? 'a reservation without an address'} lies in no subnet of Kea, which serves ${shownSubnets(served)}`,
  );
}

function shownSubnets(served: readonly KeaSubnet[]): string {
  return served.length === 0 ? 'none' : served.map(({ subnet }) => formatSubnet(subnet)).join(', ');
}

async function mustRun(service: Service, source: string, signal: AbortSignal): Promise<void> {
  const status = await service.status(signal);
  if (status === 'running') return;
  throw new SourceError('unreachable', source, `its Kea is ${status}, so nobody can say what it has leased`, {
    hint: 'Start it (Services: Kea DHCP).',
  });
}
