import { isIPv6 } from 'node:net';
import { isReservation, parted } from './host.ts';
import { isSince, type Release } from './release.ts';
import type { Item } from './state.ts';
import type { Rendered } from './world.ts';

const partial = (address: string) => address.startsWith('::');

/** What host entries become (opnsense/core T/Dnsmasq/dnsmasq.conf, I/dnsmasq.inc). */
export function render(hosts: readonly Item[], release: Release): Rendered {
  return {
    directives: hosts.flatMap((each) => directivesOf(each)),
    hosts: hosts.flatMap((each) => hostLines(each, release)).join(''),
  };
}

function directivesOf(item: Item): string[] {
  const { host = '', domain = '', ip, local, cnames } = item;
  const names = parted(cnames);
  return [
    ...clientLine(item),
    ...(names.length === 0
      ? []
      : [`cname=${[...names, domain === '' ? host : `${host}.${domain}`].join(',')}`]),
    ...(local === '1' && domain !== '' ? [`local=/${domain}/`] : []),
    ...(host === '*' ? parted(ip).map((each) => `address=/${domain}/${each}`) : []),
  ];
}

/** No line is made of hardware addresses without a colon, and nothing says so; the domain is never in it. */
function clientLine(item: Item): string[] {
  const { host = '', hwaddr = '', client_id = '', set_tag = '', lease_time = '', ignore } = item;
  if (!hwaddr.includes(':') && client_id === '') return [];
  const parts = [
    ...(client_id === '' ? [] : [`id:${client_id}`]),
    ...parted(hwaddr),
    ...(set_tag === '' ? [] : [`set:${set_tag.replaceAll('-', '')}`]),
    ...parted(item.ip).map((each) => (isIPv6(each) ? `[${each}]` : each)),
    ...(host === '' ? [] : [host]),
    ...(lease_time === '' ? [] : [lease_time === '0' ? 'infinite' : lease_time]),
    ...(ignore === '1' ? ['ignore'] : []),
  ];
  return [`dhcp-host=${parts.join(',')}`];
}

/** Reservations are in the hosts file as well, but for those of 25.1.7. */
function hostLines(item: Item, release: Release): string[] {
  const { host = '', domain = '' } = item;
  if (host === '' || host === '*') return [];
  if (isReservation(item) && isSince(release, '25.1.7') && !isSince(release, '25.1.8')) return [];
  const names = domain === '' ? host : `${host}.${domain} ${host}`;
  const addresses = parted(item.ip).filter((each) => !partial(each));
  return addresses.flatMap((address) =>
    [names, ...parted(item.aliases)].map((each) => `${address}\t${each}\n`),
  );
}
