import { isIPv6 } from 'node:net';
import type { Address } from '../../domain/address.ts';
import type { Lease, Lease6, LeaseLookup } from '../../domain/lease.ts';
import type { Mac } from '../../domain/mac.ts';
import { byteLines } from '../../lib/byte-lines.ts';
import { ipv4Number, isNumber, labelHash, macNumber } from '../../lib/lease-fields.ts';
import { lookupIn } from '../../lib/lease-lookup.ts';
import { buildLeaseRows, type LeaseRows } from '../../lib/lease-rows.ts';

/** The leases of a lease file, and how many lines could not be read. */
export interface LeaseFile {
  /** Made of the rows when asked for, once. */
  readonly leases: readonly Lease[];
  readonly leases6: readonly Lease6[];
  readonly unreadable: number;
  readonly find: LeaseLookup;
}

/** A lease file that comes in pieces. */
export interface LeaseFileReader {
  push(chunk: Buffer): void;
  finish(): LeaseFile;
}

/**
 * Reads dnsmasq's lease file: `expiry MAC address name client-id`, one lease a line, `*` for unknown; expiry
 * in seconds since the epoch, 0 for never. A line `duid DUID` with the server's own begins the IPv6 leases: `expiry IAID
 * address name DUID` (dnsmasq src/lease.c, lease_update_file). A MAC of another hardware type has `NN-` before it. The
 * server rewrites the file in place, so a reader may catch a line half written: such lines are counted, and so is a last one
 * without line end, of which nobody knows whether it is whole. dnsmasq writes no address twice; where it reads one twice, the reverse
 * answer is the last line's (dnsmasq 2.90, which goes on to answer for both names), and so the last line counts here.
 */
export function leaseFileReader(): LeaseFileReader {
  const builder = buildLeaseRows();
  const leases6: Lease6[] = [];
  const keys = { address: 0, mac: 0, label: 0 };
  let unreadable = 0;
  let six = false;
  const lines = byteLines((bytes, start, end) => {
    if (start === end) return;
    if (bytes[start] === 0x64 && bytes.toString('latin1', start, start + 5) === 'duid ') {
      six = true;
      return;
    }
    if (six) {
      const lease = parseLine6(bytes.toString('utf8', start, end));
      if (lease === undefined) unreadable += 1;
      else leases6.push(lease);
    } else if (readKeys(bytes, start, end, keys)) builder.set(bytes, start, end, keys);
    else unreadable += 1;
  });
  return {
    push: (chunk) => lines.push(chunk),
    finish() {
      if (lines.rest().length > 0) unreadable += 1;
      return fileOf(builder.finish(), leases6, unreadable);
    },
  };
}

/** The same of a whole text. */
export function parseLeaseFile(text: string): LeaseFile {
  const reader = leaseFileReader();
  reader.push(Buffer.from(text));
  return reader.finish();
}

function fileOf(rows: LeaseRows, leases6: readonly Lease6[], unreadable: number): LeaseFile {
  let leases: readonly Lease[] | undefined;
  return {
    get leases() {
      leases ??= [...rows.map(leaseOf)];
      return leases;
    },
    leases6,
    unreadable,
    find: lookupIn(rows, leaseOf),
  };
}

/** Looks whether a line is a lease, and by what it is found. */
function readKeys(
  bytes: Buffer,
  start: number,
  end: number,
  keys: { address: number; mac: number; label: number },
): boolean {
  const expiryEnd = bytes.indexOf(32, start);
  if (expiryEnd < 0 || expiryEnd >= end || !isNumber(bytes, start, expiryEnd, 11)) return false;
  let hardware = expiryEnd + 1;
  if (bytes[hardware + 2] === 45) hardware += 3;
  const hardwareEnd = hardware + 17;
  if (hardwareEnd >= end || bytes[hardwareEnd] !== 32) return false;
  keys.mac = macNumber(bytes, hardware, hardwareEnd);
  const addressEnd = bytes.indexOf(32, hardwareEnd + 1);
  if (keys.mac < 0 || addressEnd < 0 || addressEnd >= end) return false;
  keys.address = ipv4Number(bytes, hardwareEnd + 1, addressEnd);
  const name = addressEnd + 1;
  const nameEnd = bytes.indexOf(32, name);
  if (keys.address < 0 || nameEnd < 0 || nameEnd >= end) return false;
  const none = nameEnd === name || (nameEnd === name + 1 && bytes[name] === 42);
  keys.label = none ? 0 : labelHash(bytes, name, nameEnd);
  return true;
}

/** The lease of a line that has keys. */
function leaseOf(row: Buffer): Lease {
  const [expiry = '', hardware = '', address = '', name = '', clientId = ''] = row
    .toString('utf8')
    .split(' ');
  return {
    address: address as Address,
    mac: hardware.slice(-17).toLowerCase() as Mac,
    ...(isUnknown(name) ? {} : { name }),
    ...(isUnknown(clientId) ? {} : { clientId }),
    ...(expiry === '0' ? {} : { expiresAt: iso(expiry) }),
  };
}

function parseLine6(line: string): Lease6 | undefined {
  const [expiry = '', iaid = '', address = '', name, duid] = line.split(' ');
  if (!/^\d{1,11}$/.test(expiry) || !/^T?\d{1,10}$/.test(iaid) || !isIPv6(address)) return undefined;
  if (name === undefined || duid === undefined) return undefined;
  return {
    address,
    iaid,
    ...(isUnknown(name) ? {} : { name }),
    ...(isUnknown(duid) ? {} : { duid }),
    ...(expiry === '0' ? {} : { expiresAt: iso(expiry) }),
  };
}

function isUnknown(word: string): boolean {
  return word === '*' || word === '';
}

function iso(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
