import type { Address } from '../../domain/address.ts';
import type { Lease } from '../../domain/lease.ts';
import type { Mac } from '../../domain/mac.ts';
import { ipv4Number, isNumber, labelHash, macNumber } from '../../lib/lease-fields.ts';
import type { MemfileColumns } from './memfile-columns.ts';

/** A row of a lease file, in Kea's words. */
export interface KeaRow {
  readonly address: Address;
  /** Absent for a declined address, and for hardware that is no Ethernet. */
  readonly mac?: Mac;
  readonly clientId?: string;
  /** As it stands in the file; Kea 2.2.0 makes it lower case when it loads the file. */
  readonly name?: string;
  readonly subnetId: number;
  /** Absent for a lease without end. */
  readonly expiresAt?: string;
  readonly state: KeaState;
}

/** What has become of a lease (Kea src/lib/dhcpsrv/lease.h). */
export type KeaState = 'default' | 'declined' | 'expired-reclaimed' | 'released' | 'registered';

const states: readonly KeaState[] = ['default', 'declined', 'expired-reclaimed', 'released', 'registered'];

const declined = states.indexOf('declined');

/** A valid lifetime without end (Kea src/lib/dhcpsrv/lease.h, INFINITY_LFT). */
const infinite = '4294967295';

/** More columns than any version writes. */
const mostColumns = 32;
const ends = new Int32Array(mostColumns);

/**
 * Looks whether a line is a row that Kea would take, and by what it is found. `gone` is a row that takes its address's lease away.
 */
export function readRow(
  bytes: Buffer,
  start: number,
  end: number,
  columns: MemfileColumns,
  keys: { address: number; mac: number; label: number },
): 'kept' | 'gone' | 'unreadable' {
  if (!findEnds(bytes, start, end, columns.count)) return 'unreadable';
  const from = (column: number) => (column === 0 ? start : (ends[column - 1] as number) + 1);
  const to = (column: number) => ends[column] as number;
  const isNumberIn = (column: number, most: number) => isNumber(bytes, from(column), to(column), most);
  const { address, hwaddr, clientId, validLifetime, expire, subnetId, hostname, state } = columns;
  keys.address = ipv4Number(bytes, from(address), to(address));
  const numbers = isNumberIn(validLifetime, 10) && isNumberIn(expire, 11) && isNumberIn(subnetId, 10);
  const known = state < 0 ? 0 : stateIn(bytes, from(state), to(state));
  if (keys.address < 0 || !numbers || known < 0) return 'unreadable';
  keys.mac = macNumber(bytes, from(hwaddr), to(hwaddr));
  if (keys.mac < 0) {
    const nobody = to(hwaddr) === from(hwaddr) && to(clientId) === from(clientId);
    if (nobody ? known !== declined : !isHexadecimal(bytes, from(hwaddr), to(hwaddr))) return 'unreadable';
  }
  keys.label = labelOf(bytes, from(hostname), to(hostname));
  return isZero(bytes, from(validLifetime), to(validLifetime)) ? 'gone' : 'kept';
}

/** Finds where each column ends; false where there are more or fewer. */
function findEnds(bytes: Buffer, start: number, end: number, count: number): boolean {
  const last = Math.min(count, mostColumns) - 1;
  let found = 0;
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== 44) continue;
    if (found >= last) return false;
    ends[found] = at;
    found += 1;
  }
  ends[found] = bytes[end - 1] === 13 ? end - 1 : end;
  return found === count - 1;
}

/** One digit that is the number of a state, or -1. */
function stateIn(bytes: Buffer, start: number, end: number): number {
  const state = (bytes[start] as number) - 48;
  return end === start + 1 && state >= 0 && state < states.length ? state : -1;
}

/** The row of a line that was kept. */
export function rowOf(line: Buffer, columns: MemfileColumns): KeaRow {
  const words = line.toString('utf8').trimEnd().split(',');
  const word = (column: number) => words[column] ?? '';
  const [hwaddr, clientId, name] = [
    word(columns.hwaddr),
    word(columns.clientId),
    unescaped(word(columns.hostname)),
  ];
  return {
    address: word(columns.address) as Address,
    ...(hwaddr.length === 17 ? { mac: hwaddr.toLowerCase() as Mac } : {}),
    ...(clientId === '' ? {} : { clientId: clientId.toLowerCase() }),
    ...(name === '' ? {} : { name }),
    subnetId: Number(word(columns.subnetId)),
    ...(word(columns.validLifetime) === infinite
      ? {}
      : { expiresAt: new Date(Number(word(columns.expire)) * 1000).toISOString() }),
    state: states[Number(word(columns.state))] ?? 'default',
  };
}

/** A row as a lease of somebody: undefined where it is declined, released or only registered, or bears no MAC address. */
export function leaseOf({ subnetId: _subnet, state, mac, ...row }: KeaRow): Lease | undefined {
  const held = state === 'default' || state === 'expired-reclaimed';
  return held && mac !== undefined ? { ...row, mac } : undefined;
}

/** A text without Kea's escapes: `&#x` and two hexadecimal digits (Kea src/lib/util/csv_file.cc, unescapeCharacters). */
function unescaped(text: string): string {
  if (!text.includes('&#x')) return text;
  return text.replace(/&#x([0-9a-fA-F]{2})/g, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function labelOf(bytes: Buffer, start: number, end: number): number {
  if (start === end) return 0;
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== 38) continue;
    const name = Buffer.from(unescaped(bytes.toString('utf8', start, end)));
    return labelHash(name, 0, name.length);
  }
  return labelHash(bytes, start, end);
}

function isZero(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== 48) return false;
  return true;
}

/** Bytes in hexadecimal parted by colons, or nothing at all. */
function isHexadecimal(bytes: Buffer, start: number, end: number): boolean {
  return /^(?:[0-9a-f]{1,2}(?::[0-9a-f]{1,2})*)?$/i.test(bytes.toString('latin1', start, end));
}
