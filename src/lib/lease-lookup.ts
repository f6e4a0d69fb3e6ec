import { ipv4Number, labelHash, macNumber } from './lease-fields.ts';
import type { LeaseRows, RowReader } from './lease-rows.ts';

/** Finds leases by what they bear, without going through all of them. */
export interface RowLookup<T> {
  byMac(mac: string): T[];
  /** Whatever the case; a name without a dot finds every lease whose first label it is. */
  byName(name: string): T[];
  byAddress(address: string): T[];
}

/** A lookup in rows; `read` makes a lease of a row, or undefined where the row is none to be shown. */
export function lookupIn<T extends { readonly name?: string }>(
  rows: LeaseRows,
  read: RowReader<T | undefined>,
): RowLookup<T> {
  const shown = (found: readonly (T | undefined)[]) => found.flatMap((each) => each ?? []);
  return {
    byMac(mac) {
      const number = numberOf(mac, macNumber);
      return number < 0 ? [] : shown(rows.byMac(number, read));
    },
    byName(name) {
      const bytes = Buffer.from(name);
      const wanted = name.toLowerCase();
      return shown(rows.byLabel(labelHash(bytes, 0, bytes.length), read)).filter(({ name: held = '' }) => {
        const folded = held.toLowerCase();
        return folded === wanted || (!wanted.includes('.') && folded.split('.')[0] === wanted);
      });
    },
    byAddress: (address) => shown(rows.byAddress(numberOf(address, ipv4Number), read)),
  };
}

function numberOf(text: string, read: (bytes: Uint8Array, start: number, end: number) => number): number {
  const bytes = Buffer.from(text);
  return read(bytes, 0, bytes.length);
}
