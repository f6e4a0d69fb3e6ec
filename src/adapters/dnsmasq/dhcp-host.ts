import { type Address, parseIpv4 } from '../../domain/address.ts';
import { type Mac, parseMac } from '../../domain/mac.ts';
import type { Reservation } from '../../domain/reservation.ts';
import { reveal, splitValue } from './option-line.ts';

/** One `dhcp-host` in the words of the domain, without the file that it stands in. */
export type DhcpHost = Omit<Reservation, 'file'>;

/** What the parts of one `dhcp-host` say; all parts but the last name and address add up. */
interface Parts {
  readonly macs: Mac[];
  /** It names hardware that is no single Ethernet address: a wildcard, or another kind of network. */
  otherHardware: boolean;
  clientId: string | undefined;
  address: Address | undefined;
  name: string | undefined;
  ignore: boolean;
}

/**
 * Reads the value of a `dhcp-host` (dnsmasq(8), --dhcp-host; src/option.c, one_opt): one reservation for each
 * MAC address. A client that is to be ignored has neither name nor address. Nothing where dnsmasq would
 * refuse the line, and where the line speaks of wildcard or foreign hardware only. Tags are passed over:
 * whether one is set depends on the request.
 */
export function parseDhcpHost(value: string): DhcpHost[] {
  const parts: Parts = {
    macs: [],
    otherHardware: false,
    clientId: undefined,
    address: undefined,
    name: undefined,
    ignore: false,
  };
  for (const part of splitValue(value)) {
    if (!readPart(part, parts)) return [];
  }
  const { macs, clientId, address, name, ignore } = parts;
  const given = {
    ...(clientId === undefined ? {} : { clientId }),
    ...(name === undefined || ignore ? {} : { name }),
    ...(address === undefined || ignore ? {} : { address }),
  };
  if (macs.length > 0) return [...new Set(macs)].map((mac) => ({ mac, ...given }));
  if (clientId === undefined && (parts.otherHardware || Object.keys(given).length === 0)) return [];
  return [given];
}

/** Reads one part; false where dnsmasq refuses the whole line. */
function readPart(part: string, parts: Parts): boolean {
  if (part.includes(':')) return readColons(part, parts);
  const address = parseIpv4(part);
  if (address !== undefined) {
    parts.address = address;
    return true;
  }
  // A number with or without a unit is a lease time, and so is a number with blanks in it.
  if (/^[\d ]*[wdhms]?$/i.test(part) && (/\d/.test(part) || part === '')) return true;
  if (part === 'infinite') return true;
  if (part === 'ignore') {
    parts.ignore = true;
    return true;
  }
  parts.name = hostName(reveal(part));
  return parts.name !== undefined;
}

function readColons(part: string, parts: Parts): boolean {
  if (/^id:/i.test(part)) {
    const id = part.slice(3);
    // `id:*` tells dnsmasq to look at the MAC address alone.
    if (id.startsWith('*')) return true;
    parts.clientId = id.includes(':') ? hexId(id) : bytes(reveal(id));
    return parts.clientId !== undefined;
  }
  if (/^(?:net|set|tag):/.test(part)) return true;
  if (part.startsWith('[') && part.endsWith(']')) return true;
  const hardware = readHex(part);
  if (hardware === undefined) return false;
  const mac = parseMac(hardware.groups.join(':'));
  // ARP type 0 means any network, 1 is Ethernet; what is bound to another is not for a NIC of a VM.
  if (mac === undefined || hardware.type > 1) parts.otherHardware = true;
  else parts.macs.push(mac);
  return true;
}

/** The hexadecimal bytes of a text, `*` for any, after an ARP type that a hyphen ends (src/util.c, parse_hex). */
function readHex(text: string): { type: number; groups: string[] } | undefined {
  const typed = /^([0-9a-f]+)-(.*)$/is.exec(text);
  const groups: string[] = [];
  for (const group of (typed?.[2] ?? text).split(/[:\- ]/)) {
    if (group === '*') groups.push(group);
    else if (/^[0-9a-f]*$/i.test(group))
      groups.push(...(group.toLowerCase().match(/.{1,2}/g) ?? []).map((byte) => byte.padStart(2, '0')));
    else return undefined;
  }
  return { type: typed === null ? 0 : Number.parseInt(typed[1] as string, 16), groups };
}

function hexId(text: string): string | undefined {
  const groups = readHex(text)?.groups;
  return groups === undefined || groups.length === 0 || groups.includes('*') ? undefined : groups.join(':');
}

function bytes(text: string): string | undefined {
  return Buffer.from(text, 'utf8').toString('hex').match(/../g)?.join(':');
}

/** The first label of a legal name; dnsmasq cuts the rest off (src/util.c, legal_hostname; src/dhcp-common.c). */
function hostName(text: string): string | undefined {
  const [label = '', ...rest] = text.split('.');
  if (text.length > 1025 || rest.some((each) => each.length > 63)) return undefined;
  return /^[a-z0-9][a-z0-9_-]{0,62}$/i.test(label) ? label : undefined;
}
