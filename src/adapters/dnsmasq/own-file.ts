import { parseIpv4 } from '../../domain/address.ts';
import { parseMac } from '../../domain/mac.ts';
import { parseHostname } from '../../domain/name.ts';
import type { OwnReservation } from '../../domain/reservation.ts';

/** The name of Truename's own file in a folder of hosts. */
export const ownFileName = 'truename';

/** Its first line: the mark by which a person sees whose it is. */
const header =
  '# Written by Truename. truename reserve and truename release change it; lines of others do not belong here.';

/**
 * The file that says these reservations, one a line by MAC address; undefined, for no file at all, where there are none.
 * Names stand in quotes: dnsmasq takes a bare `infinite`, `ignore` or `12h` for a setting (src/option.c, one_opt).
 */
export function writeOwnFile(reservations: readonly OwnReservation[]): string | undefined {
  if (reservations.length === 0) return undefined;
  const sorted = [...reservations].sort((left, right) => (left.mac < right.mac ? -1 : 1));
  const lines = sorted.map(({ mac, name, address }) =>
    [mac, `"${name}"`, ...(address === undefined ? [] : [address])].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

/** What the file says; undefined where it is not exactly as Truename writes it. */
export function readOwnFile(text: string): OwnReservation[] | undefined {
  const [first, ...lines] = text.split('\n');
  if (first !== header || lines.pop() !== '') return undefined;
  const read = lines.map(readLine).filter((each) => each !== undefined);
  const distinct = new Set(read.map(({ mac }) => mac)).size;
  return distinct === lines.length && writeOwnFile(read) === text ? read : undefined;
}

function readLine(line: string): OwnReservation | undefined {
  const [hardware = '', quoted = '', ip, ...rest] = line.split(',');
  const mac = parseMac(hardware);
  const name = parseHostname(quoted.slice(1, -1));
  const address = ip === undefined ? undefined : parseIpv4(ip);
  if (mac === undefined || name === undefined || rest.length > 0) return undefined;
  if (ip !== undefined && address === undefined) return undefined;
  return { mac, name, ...(address === undefined ? {} : { address }) };
}
