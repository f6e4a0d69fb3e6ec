import { BlockList, isIPv4 } from 'node:net';
import type { Complaint } from './complaint.ts';
import { dnsName, mac } from './host.ts';
import type { ItemList } from './item-writes.ts';
import { isSince, type Release } from './release.ts';
import type { Item, OpnsenseState } from './state.ts';

/** Fields of a reservation (opnsense/core M/Kea/KeaDhcpv4.xml); a client identifier since 26.1.8. Options are left out. */
function emptyReservation(release: Release): Readonly<Record<string, string>> {
  return {
    ...{ subnet: '', ip_address: '', hw_address: '' },
    ...(isSince(release, '26.1.8') ? { client_id: '' } : {}),
    ...{ hostname: '', description: '' },
  };
}

/** Kea's list of reservations. */
export const reservationList: ItemList = {
  root: 'reservation',
  items: ({ kea }) => kea.reservations,
  replace: ({ kea }, reservations) => {
    kea.reservations = reservations;
  },
  empty: emptyReservation,
  kept: (_field, text) => text,
  complaintsOf: (item, others, state) => [
    ...fieldComplaints(item, state),
    ...uniqueComplaints(item, others, state.release),
    ...crossComplaints(item, state),
  ],
};

/** The subnet with this uuid, in CIDR notation. */
export function subnetOf({ kea }: OpnsenseState, uuid: string | undefined): string | undefined {
  return kea.subnets.find((each) => each.uuid === uuid)?.subnet;
}

/** M/Kea/KeaDhcpv4.xml: a subnet is named by its uuid alone. */
function fieldComplaints(item: Item, state: OpnsenseState): Complaint[] {
  const { subnet = '', ip_address = '', hw_address = '', client_id = '', hostname = '' } = item;
  const clientIds = /^(?:[0-9a-f]{2}(?::[0-9a-f]{2})+)?$/i;
  const required = subnet === '' ? 'A value is required.' : 'Related subnet not found.';
  const checks: [boolean, string, string][] = [
    [subnetOf(state, subnet) !== undefined, 'subnet', required],
    [ip_address === '' || isIPv4(ip_address), 'ip_address', 'Please specify a valid address.'],
    [hw_address === '' || mac.test(hw_address), 'hw_address', 'Please specify a valid MAC address.'],
    [clientIds.test(client_id), 'client_id', 'Value must be a colon-separated hexadecimal sequence.'],
    [hostname === '' || dnsName.test(hostname), 'hostname', 'Please specify a valid hostname.'],
  ];
  return checks.flatMap(([valid, field, message]): Complaint[] => (valid ? [] : [[field, message]]));
}

/**
 * Unique constraints of M/Kea/KeaDhcpv4.xml: an address anywhere, a client in its subnet; MAC addresses in whatever case since
 * 25.7.8.
 */
function uniqueComplaints(item: Item, others: readonly Item[], release: Release): Complaint[] {
  const spelled = (text = '') => (isSince(release, '25.7.8') ? text.toLowerCase() : text);
  const beside = others.filter(({ subnet }) => subnet === item.subnet);
  const taken = (field: string, among: readonly Item[], form = (text = '') => text): Complaint[] => {
    const value = form(item[field]);
    const used = value !== '' && among.some((each) => form(each[field]) === value);
    return used ? [[field, 'Duplicate entry exists.']] : [];
  };
  return [
    ...taken('ip_address', others),
    ...taken('hw_address', beside, spelled),
    ...taken('client_id', beside),
  ];
}

/** `performValidation` of M/Kea/KeaDhcpv4.php: no address is in no subnet, and a client is known by one thing. */
function crossComplaints(item: Item, state: OpnsenseState): Complaint[] {
  const { ip_address = '', hw_address = '', client_id = '', subnet } = item;
  const inside = isInside(ip_address, subnetOf(state, subnet));
  const outside: Complaint[] = inside ? [] : [['ip_address', 'Address not in specified subnet']];
  const both = 'Either a client ID or a MAC address should be specified, but not both';
  if (client_id !== '' && hw_address !== '') return [...outside, ['hw_address', both]];
  if (client_id !== '' || hw_address !== '') return outside;
  const late = isSince(state.release, '26.1.8');
  const none = late ? 'Either a client ID or a MAC address should be specified.' : 'A value is required.';
  return [...outside, ['hw_address', none]];
}

function isInside(address: string, subnet: string | undefined): boolean {
  const [network = '', bits = ''] = subnet?.split('/') ?? [];
  if (!isIPv4(network) || !isIPv4(address)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits));
  return list.check(address);
}
