import { inSubnet } from '../../domain/address.ts';
import { leasesOf } from '../../domain/lease.ts';
import type { Liveness } from '../../domain/ports.ts';
import type { OwnReservation, ReservationChange } from '../../domain/reservation.ts';
import type { Segment } from '../../domain/segment.ts';
import type { OpnsenseApi } from './api.ts';
import type { DhcpBackend } from './dhcp-backend.ts';
import { hostFields, hostsPlace, isTakenForSetting, understandHost } from './dnsmasq-hosts.ts';
import { dnsmasqTable } from './leases.ts';
import { read, readGrid } from './read.ts';
import { dnsmasqHostSchema, dnsmasqLeaseSchema, dnsmasqSettingsSchema } from './schema.ts';
import type { Service } from './service.ts';
import { rowTable } from './table.ts';
import { isSince } from './version.ts';

/** What the product's Dnsmasq needs beside its API. */
export interface DnsmasqBackendOptions {
  readonly service: Service;
  readonly now: () => string;
  /** The segments that it serves. */
  readonly segments: readonly Pick<Segment, 'domain' | 'subnet'>[];
  /** Asks its DNS anything at all, and says whether it answered; absent where it cannot be asked from here. */
  readonly answers?: (signal: AbortSignal) => Promise<boolean>;
}

/** Reservations without an address are taken since 25.1.8 (opnsense/core 25.1.8, M/Dnsmasq/Dnsmasq.xml). */
const withoutAddress = [25, 1, 8] as const;

/** The product's Dnsmasq. */
export function dnsmasqBackend(api: OpnsenseApi, options: DnsmasqBackendOptions): DhcpBackend {
  const { service, now, segments, answers } = options;
  const leases = async (signal: AbortSignal) => {
    const { rows, at } = await readGrid(api, ['dnsmasq', 'leases', 'search'], dnsmasqLeaseSchema, signal);
    return dnsmasqTable(rows, at ?? now());
  };
  return {
    service,
    place: hostsPlace,
    answersDns: true,
    table: rowTable(api, {
      controller: ['dnsmasq', 'settings'],
      item: 'host',
      schema: dnsmasqHostSchema,
      understand: understandHost,
    }),
    leases,
    async alive(signal): Promise<Liveness> {
      const status = await service.status(signal);
      if (status !== 'running') return { alive: false, why: `its Dnsmasq is ${status}` };
      if (answers === undefined) return { alive: true, sign: 'its Dnsmasq runs' };
      return (await answers(signal))
        ? { alive: true, sign: 'its Dnsmasq runs and answers DNS questions' }
        : { alive: false, why: 'its Dnsmasq runs, and answers no DNS question' };
    },
    async abilities(release, signal) {
      const domains = await registersUnder(api, signal);
      return {
        adoption: 'above',
        needsAddress: release !== undefined && !isSince(release, withoutAddress),
        ...(domains === undefined ? {} : { domains }),
        unfit: ({ name }) =>
          isTakenForSetting(name)
            ? `dnsmasq takes the name ${name} for a setting, as the firewall writes it`
            : undefined,
      };
    },
    async writing(change, signal) {
      const domainOf = await domains(change, segments, () => leases(signal));
      return (own) => hostFields(own, domainOf(own));
    },
  };
}

/**
 * The domains under which it registers names; undefined where it is not known: it falls back to the system's own domain, which
 * its settings do not tell, and with DNS switched off (port 0, as the setup wizard has it) it registers none anywhere.
 */
async function registersUnder(api: OpnsenseApi, signal: AbortSignal): Promise<string[] | undefined> {
  const path = ['dnsmasq', 'settings', 'get'];
  const answer = await api.get({ path, signal });
  const { dnsmasq } = read(dnsmasqSettingsSchema, answer, api.source, path.join('/'));
  const general = dnsmasq.dhcp?.domain ?? '';
  if (general === '' || dnsmasq.port === '0') return undefined;
  const ranges = Array.isArray(dnsmasq.dhcp_ranges) ? [] : Object.values(dnsmasq.dhcp_ranges);
  return [...new Set([general, ...ranges.flatMap(({ domain }) => (domain === '' ? [] : [domain]))])];
}

/**
 * The domain of a reservation: that of the segment of its address, or of the lease that its MAC address holds; the first
 * segment's where neither tells. Without an address the domain is written and has no effect until somebody adds one.
 */
async function domains(
  change: ReservationChange,
  segments: DnsmasqBackendOptions['segments'],
  leases: () => Promise<Parameters<typeof leasesOf>[0]>,
): Promise<(own: OwnReservation) => string> {
  const [first] = segments;
  const sole = segments.every(({ domain }) => domain === first?.domain);
  const open = change.some(({ becomes }) => becomes !== null && becomes.address === undefined);
  const table = sole || !open ? undefined : await leases();
  return ({ mac, address }) => {
    const at = address ?? (table === undefined ? undefined : leasesOf(table, mac)[0]?.address);
    const holds = segments.find(
      ({ subnet }) => at !== undefined && subnet !== undefined && inSubnet(at, subnet),
    );
    return (holds ?? first)?.domain ?? '';
  };
}
