import type { z } from 'zod';
import { parseIpv4 } from '../../domain/address.ts';
import type { HostEntry } from '../../domain/host-entry.ts';
import { type Mac, parseMac } from '../../domain/mac.ts';
import { parseHostname } from '../../domain/name.ts';
import type { OwnReservation, Reservation } from '../../domain/reservation.ts';
import type { dnsmasqHostSchema } from './schema.ts';
import { type ConfiguredRow, type Fields, mark } from './table.ts';

/** A row of Dnsmasq's hosts: a host override, a reservation, or both at once. */
type HostRow = z.output<typeof dnsmasqHostSchema>;

/** Where they stand, for people. */
export const hostsPlace = 'Services: Dnsmasq: Hosts';

/** A row in the words of the domain. */
export function understandHost(row: HostRow): ConfiguredRow {
  const { uuid, ...fields } = row;
  const own = ownOf(row);
  return {
    uuid,
    fields: textsOf(fields),
    marked: row.descr === mark,
    macs: macsOf(row),
    ...(own === undefined ? {} : { own }),
    reservations: reservationsOf(row),
    entries: entriesOf(row),
  };
}

/** The item that says a reservation; its domain goes into DNS with its address, and must never be missing there. */
export function hostFields({ mac, name, address }: OwnReservation, domain: string): Fields {
  return { host: name, domain, ip: address ?? '', hwaddr: mac, descr: mark };
}

/** The names that the product writes into dnsmasq's configuration bare, where dnsmasq takes them for a setting. */
export function isTakenForSetting(name: string): boolean {
  // dnsmasq src/option.c, one_opt: a lease time is digits with a unit of s, m, h, d or w, or `infinite`.
  return /^(?:\d+[smhdw]?|infinite|ignore)$/i.test(name);
}

const parted = (text: string) => text.split(',').filter((each) => each !== '');

function macsOf({ hwaddr }: HostRow): Mac[] {
  return parted(hwaddr).flatMap((each) => parseMac(each) ?? []);
}

/** One MAC address as Truename writes it, a name, an IPv4 address at most, and nothing that would make it another thing. */
function ownOf(row: HostRow): OwnReservation | undefined {
  const { host, ip, hwaddr, descr, cnames, client_id, lease_time, aliases, set_tag, ignore, local } = row;
  const [mac, name, address] = [parseMac(hwaddr), parseHostname(host), parseIpv4(ip)];
  const plain = [cnames, client_id, lease_time, aliases, set_tag].every((each) => each === '');
  if (descr !== mark || !plain || ignore === '1' || local === '1') return undefined;
  if (mac === undefined || mac !== hwaddr || name === undefined) return undefined;
  if (ip !== '' && address === undefined) return undefined;
  return { mac, name, ...(address === undefined ? {} : { address }) };
}

/**
 * What dnsmasq is told of clients: a line is only made of a hardware address with colons, or a client id (opnsense/core
 * T/Dnsmasq/dnsmasq.conf). Who is to be ignored gets neither name nor address.
 */
function reservationsOf(row: HostRow): Reservation[] {
  const { host, client_id, ignore, ip } = row;
  const rendered = row.hwaddr.includes(':') || client_id !== '';
  if (!rendered) return [];
  const address = parted(ip).flatMap((each) => parseIpv4(each) ?? [])[0];
  const told =
    ignore === '1'
      ? {}
      : { ...(host === '' ? {} : { name: host }), ...(address === undefined ? {} : { address }) };
  const common = {
    ...told,
    ...(client_id === '' ? {} : { clientId: client_id.toLowerCase() }),
    file: placeOf(row),
  };
  const macs = macsOf(row);
  return macs.length === 0 ? [common] : macs.map((mac) => ({ mac, ...common }));
}

/** The lines of its file of hosts: reservations with an address are in it too (opnsense/core I/dnsmasq.inc). */
function entriesOf(row: HostRow): HostEntry[] {
  const { host, domain, ip, aliases } = row;
  if (host === '' || host === '*') return [];
  const names = domain === '' ? [host] : [`${host}.${domain}`, host];
  return parted(ip).flatMap((each): HostEntry[] => {
    const address = parseIpv4(each);
    return address === undefined
      ? []
      : [{ address, names: [...names, ...parted(aliases)], file: placeOf(row) }];
  });
}

function placeOf({ descr }: HostRow): string {
  return descr === '' ? hostsPlace : `${hostsPlace} (${descr})`;
}

function textsOf(fields: Readonly<Record<string, unknown>>): Fields {
  const known = Object.entries(fields).filter(([key]) => hostKeys.has(key));
  return Object.fromEntries(known.map(([key, value]) => [key, String(value)]));
}

/** The fields that are read, and written again where a row is put back. */
const hostKeys = new Set([
  ...['host', 'domain', 'local', 'ip', 'cnames', 'client_id', 'hwaddr', 'lease_time', 'ignore', 'set_tag'],
  ...['descr', 'comments', 'aliases'],
]);
