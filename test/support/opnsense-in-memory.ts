import { opnsenseServer } from '../../src/adapters/opnsense/server.ts';
import type { Address } from '../../src/domain/address.ts';
import { parseSubnet } from '../../src/domain/address.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { ReservationWriter } from '../../src/domain/ports.ts';
import type { OwnReservation, ReservationDifference } from '../../src/domain/reservation.ts';
import { fakeClock } from './fake-clock.ts';
import { type dnsmasqKind, keaKind, memoryConfiguration } from './opnsense-configuration.ts';
import { grid, scriptedOpnsense } from './scripted-opnsense.ts';

const { signal } = new AbortController();
const subnet = parseSubnet('10.2.10.0/24');
const segments = [{ domain: 'mgmt.internal', ...(subnet === undefined ? {} : { subnet }) }];
/** The only subnet of its Kea. */
export const subnetUuid = '11111111-2222-3333-4444-555555555555';
/** A host of somebody else's. */
export const theirs = { host: 'theirs', hwaddr: 'BC:24:11:00:00:99', descr: 'printer' };

/** A reservation of Truename's for the MAC address with this last digit. */
export function own(number: number, name: string, address?: string): OwnReservation {
  const mac = `bc:24:11:00:00:0${number}` as Mac;
  return { mac, name: name as Hostname, ...(address === undefined ? {} : { address: address as Address }) };
}

/** The change that makes these. */
export function adding(...reservations: readonly OwnReservation[]): ReservationDifference[] {
  return reservations.map((becomes) => ({ mac: becomes.mac, was: null, becomes }));
}

/** A server of the adapter on a configuration in memory, with what it was asked. */
export function opnsense(
  kind: typeof dnsmasqKind,
  given: readonly Readonly<Record<string, string>>[] = [],
  release = '26.7.2',
) {
  const memory = memoryConfiguration(kind, given);
  const { api, asked, requests } = scriptedOpnsense((key, request) => {
    if (key === 'GET /diagnostics/system/system_information')
      return { body: { name: 'fw.mgmt.internal', versions: [`OPNsense ${release}-amd64`] } };
    if (key === 'GET /dnsmasq/settings/get')
      return {
        body: { dnsmasq: { enable: '1', port: '53053', dhcp: { domain: '' }, dhcp_ranges: { a: {} } } },
      };
    if (key === 'POST /kea/dhcpv4/search_subnet') return grid([{ uuid: subnetUuid, subnet: '10.2.10.0/24' }]);
    return memory.answer(key, request);
  });
  const server = opnsenseServer({
    id: 'fw',
    source: 'OPNsense fw',
    connect: async () => api,
    backend: kind === keaKind ? 'kea' : 'dnsmasq',
    segments,
    addresses: [],
    clock: fakeClock(),
  });
  const writer = server.reserving as ReservationWriter;
  const write = async (change: readonly ReservationDifference[], signalled = signal) =>
    writer.write(change, await writer.standing(signal), signalled);
  return { memory, asked, requests, server, writer, write };
}
