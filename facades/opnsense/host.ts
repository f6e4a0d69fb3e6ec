import { isIP, isIPv4 } from 'node:net';
import type { Complaint } from './complaint.ts';
import type { ItemList } from './item-writes.ts';
import { isSince, type Release } from './release.ts';
import type { Item } from './state.ts';

/** All fields of a host entry, as an item without any has them (opnsense/core M/Dnsmasq/Dnsmasq.xml, `hosts`). */
export function emptyHost(release: Release): Readonly<Record<string, string>> {
  return {
    ...{ host: '', domain: '', local: '0', ip: '' },
    ...(isSince(release, '25.7') ? { cnames: '' } : {}),
    ...{
      client_id: '',
      hwaddr: '',
      lease_time: '',
      ignore: '0',
      set_tag: '',
      descr: '',
      comments: '',
      aliases: '',
    },
  };
}

/** The parts of a list, which a field keeps with commas between. */
export function parted(text = ''): string[] {
  return text.split(',').filter((each) => each !== '');
}

/** M/Dnsmasq/FieldTypes/HostnameField.php, since 25.7.6. */
const label = /^(?![_-])[A-Za-z0-9_-]{1,63}$/;
/** The general field for DNS names before. */
export const dnsName = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
/** FILTER_VALIDATE_MAC: hardware addresses with colons, dashes, or dots between four digits. */
export const mac =
  /^(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2})$/i;

/** True for an entry that speaks of a client. */
export function isReservation({ hwaddr, client_id }: Readonly<Record<string, string>>): boolean {
  return (hwaddr ?? '') !== '' || (client_id ?? '') !== '';
}

/** What the model refuses in an entry beside these others (M/Dnsmasq/Dnsmasq.xml and Dnsmasq.php). */
function complaintsOf(item: Item, others: readonly Item[], release: Release): Complaint[] {
  return [...fieldComplaints(item, release), ...crossComplaints(item, others, release)];
}

function fieldComplaints(item: Item, release: Release): Complaint[] {
  const { host = '', domain = '', client_id = '', lease_time = '' } = item;
  const strict = isSince(release, '25.7.6');
  const named = host === '' || (strict ? label.test(host) || host === '*' : dnsName.test(host));
  const domained =
    domain === '' || (domain.length <= 255 && domain.split('.').every((each) => label.test(each)));
  const clientIds = /^(?:\*|[0-9a-f]{2}(?::[0-9a-f]{2})+)$/i;
  const checks: [boolean, string, string][] = [
    [named, 'host', 'Please specify a valid hostname.'],
    [strict ? domained : domain === '' || dnsName.test(domain), 'domain', 'Please specify a valid domain.'],
    [parted(item.ip).every((each) => isIP(each) !== 0), 'ip', 'Please specify a valid address.'],
    [parted(item.hwaddr).every((each) => mac.test(each)), 'hwaddr', 'Please specify a valid MAC address.'],
    [
      client_id === '' || clientIds.test(client_id),
      'client_id',
      'Value must be a colon-separated hexadecimal sequence.',
    ],
    [/^\d*$/.test(lease_time), 'lease_time', 'Please specify a valid number.'],
  ];
  return checks.flatMap(([valid, field, message]): Complaint[] => (valid ? [] : [[field, message]]));
}

function crossComplaints(item: Item, others: readonly Item[], release: Release): Complaint[] {
  const { host = '' } = item;
  const addresses = parted(item.ip);
  if (!isReservation(item)) return completeName(host, addresses);
  const complaints: Complaint[] = [];
  const say = (field: string, message: string) => complaints.push([field, message]);
  if (host === '*') say('host', 'Wildcard entries cannot have a hardware address or client identifier.');
  // Without an address since 25.1.8.
  if (addresses.length === 0 && (host === '' || !isSince(release, '25.1.8')))
    say('ip', 'A value is required.');
  if (addresses.filter((each) => isIPv4(each)).length > 1)
    say('ip', 'Only one IPv4 address is allowed per reservation.');
  const used = others.filter((each) => isReservation(each)).flatMap((each) => parted(each.ip));
  for (const each of addresses.filter((address) => used.includes(address)))
    say('ip', `'${each}' is already used in another DHCP host entry.`);
  return complaints;
}

/** An entry for DNS alone has a name and an address. */
function completeName(host: string, addresses: readonly string[]): Complaint[] {
  return [
    ...(host === '' ? [['host', 'A value is required.'] as const] : []),
    ...(addresses.length === 0 ? [['ip', 'A value is required.'] as const] : []),
  ];
}

/** The model's list of hosts. */
export const hostList: ItemList = {
  root: 'host',
  items: ({ hosts }) => hosts,
  replace: (state, hosts) => {
    state.hosts = hosts;
  },
  empty: emptyHost,
  kept: (field, text) => (field === 'ip' ? text.toLowerCase() : text),
  complaintsOf: (item, others, { release }) => complaintsOf(item, others, release),
};
