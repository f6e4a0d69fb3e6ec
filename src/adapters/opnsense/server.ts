import type { AddressRange } from '../../domain/address-range.ts';
import { firstLabel, sameName } from '../../domain/name.ts';
import type { Clock, DhcpServer } from '../../domain/ports.ts';
import type { Segment } from '../../domain/segment.ts';
import type { OpnsenseApi } from './api.ts';
import { type Backend, findBackend } from './backend.ts';
import type { DhcpBackend } from './dhcp-backend.ts';
import { dnsmasqBackend } from './dnsmasq.ts';
import { keaBackend, keaReadsMs } from './kea.ts';
import { opnsenseReservationWriter } from './reservation-writer.ts';
import { opnsenseService } from './service.ts';
import { type Release, readRelease } from './version.ts';

/** An OPNsense, and what is configured of it. */
export interface OpnsenseOptions {
  readonly id: string;
  /** The server, for people; errors speak for it. */
  readonly source: string;
  /** Opens the connection; asked once, at the first question. */
  readonly connect: () => Promise<OpnsenseApi>;
  readonly backend: Backend | 'auto';
  /** The segments that it serves. */
  readonly segments: readonly Pick<Segment, 'domain' | 'subnet'>[];
  /** Of which a free address may be reserved. */
  readonly addresses: readonly AddressRange[];
  /** Asks its Dnsmasq anything by DNS, and says whether it answered; absent where it cannot be asked from here. */
  readonly answers?: (signal: AbortSignal) => Promise<boolean>;
  readonly clock: Clock;
}

/** An OPNsense as DHCP server. What hands out the leases there is asked once, at the first question that needs it. */
export function opnsenseServer(options: OpnsenseOptions): DhcpServer {
  const { id, source, clock } = options;
  const api = once(() => options.connect());
  const backend = once((signal) => chosenBackend(options, api, signal));
  const release = once(
    async (signal): Promise<Release | undefined> => readRelease(await api(signal), signal),
  );
  return {
    id,
    leases: async (signal) => (await backend(signal)).leases(signal),
    alive: async (signal) => (await backend(signal)).alive(signal),
    async reservations(signal) {
      const rows = await (await backend(signal)).table.rows(signal);
      return rows.flatMap(({ reservations }) => [...reservations]);
    },
    async hostEntries({ fqdn, address }, signal) {
      const { table, answersDns } = await backend(signal);
      if (!answersDns) return [];
      const entries = (await table.rows(signal)).flatMap((row) => row.entries);
      const named = (name: string) => sameName(name, fqdn) || sameName(name, firstLabel(fqdn));
      return entries.filter((each) => each.address === address || each.names.some(named));
    },
    reserving: opnsenseReservationWriter({ source, backend, release, clock }),
  };
}

async function chosenBackend(
  { backend, segments, addresses, answers, clock }: OpnsenseOptions,
  connect: (signal: AbortSignal) => Promise<OpnsenseApi>,
  signal: AbortSignal,
): Promise<DhcpBackend> {
  const api = await connect(signal);
  const chosen = backend === 'auto' ? await findBackend(api, signal) : backend;
  const { now } = clock;
  if (chosen === 'kea') {
    const controller = ['kea', 'service'];
    const service = opnsenseService({ api, name: 'Kea', controller, clock, steadyMs: keaReadsMs });
    return keaBackend(api, { service, clock, addresses });
  }
  const service = opnsenseService({ api, name: 'Dnsmasq', controller: ['dnsmasq', 'service'], clock });
  return dnsmasqBackend(api, { service, now, segments, ...(answers === undefined ? {} : { answers }) });
}

/** What was found out is kept; a failure is not. */
function once<T>(find: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let found: Promise<T> | undefined;
  return (signal) => {
    if (found !== undefined) return found;
    const finding = find(signal);
    found = finding;
    finding.catch(() => {
      if (found === finding) found = undefined;
    });
    return finding;
  };
}
