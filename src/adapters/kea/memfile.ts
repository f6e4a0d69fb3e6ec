import type { Lease, LeaseLookup } from '../../domain/lease.ts';
import { byteLines } from '../../lib/byte-lines.ts';
import { lookupIn } from '../../lib/lease-lookup.ts';
import { buildLeaseRows, type LeaseRows } from '../../lib/lease-rows.ts';
import { columnsOf, type MemfileColumns } from './memfile-columns.ts';
import { type KeaRow, leaseOf, readRow, rowOf } from './memfile-row.ts';

/** The leases that Kea would know after reading these files. */
export interface Memfile {
  /** Distinct addresses that have a row, whatever its state. */
  readonly size: number;
  /** Rows that Kea would discard as well, and a last one without line end. */
  readonly unreadable: number;
  /** Leases in the words of the domain: those assigned, and those that ended; made when asked for, once. */
  readonly leases: readonly Lease[];
  readonly find: LeaseLookup;
  /** Every row that counts, declined and released ones among them. */
  rows(): Iterable<KeaRow>;
}

/** Reads Kea's lease files, one after the other, each in pieces. */
export interface MemfileReader {
  /** The next piece of a file. */
  push(chunk: Buffer): void;
  /** The file has ended; another one may follow. */
  nextFile(): void;
  finish(): Memfile;
}

/**
 * The lease files of a memfile that are there, in the order in which Kea loads them, so that the last row of an address is the one
 * that counts. A clean-up that did not finish leaves `.2` (what was cleaned before) and `.1` (what was the lease file when it
 * began); once it has written all anew that is `.completed`, which replaces both. `.output` is half written, and nobody reads
 * it (Kea src/lib/dhcpsrv/memfile_lease_mgr.cc, loadLeasesFromFiles; so did Kea 2.2.0).
 */
export function memfileOrder(leaseFile: string, isThere: (path: string) => boolean): string[] {
  const completed = `${leaseFile}.completed`;
  const before = isThere(completed) ? [completed] : [`${leaseFile}.2`, `${leaseFile}.1`];
  return [...before, leaseFile].filter(isThere);
}

/**
 * Begins to read files of Kea's memfile for IPv4 (CSV with a line of column names; a comma in a text is `&#x2c`, and quotes mean
 * nothing). The last row of an address counts; one whose valid lifetime is 0 takes the lease away. A row that
 * Kea discards takes nothing away (Kea src/lib/dhcpsrv/lease_file_loader.h).
 * Throws `bad-response` where a file has no line of column names, or one that lacks a column that every version writes.
 */
export function memfileReader(source: string): MemfileReader {
  const builder = buildLeaseRows();
  const keys = { address: 0, mac: 0, label: 0 };
  let columns: MemfileColumns | undefined;
  let unreadable = 0;
  // Rows are kept with the number of their columns' order before them: files of several versions may differ.
  const orders: MemfileColumns[] = [];
  const begin = () =>
    byteLines((bytes, start, end) => {
      if (start === end) return;
      if (columns === undefined) {
        columns = columnsOf(bytes.toString('utf8', start, end), source, orders);
        return;
      }
      const outcome = readRow(bytes, start, end, columns, keys);
      if (outcome === 'unreadable') unreadable += 1;
      else if (outcome === 'gone') builder.delete(keys.address);
      else builder.set(bytes, start, end, keys, columns.order);
    });
  let lines = begin();
  const nextFile = () => {
    if (lines.rest().length > 0) unreadable += 1;
    columns = undefined;
    lines = begin();
  };
  return {
    push: (chunk) => lines.push(chunk),
    nextFile,
    finish() {
      nextFile();
      return memfileOf(builder.finish(), orders, unreadable);
    },
  };
}

function memfileOf(rows: LeaseRows, orders: readonly MemfileColumns[], unreadable: number): Memfile {
  const read = (row: Buffer, tag: number) => rowOf(row, orders[tag] as MemfileColumns);
  const lease = (row: Buffer, tag: number) => leaseOf(read(row, tag));
  let leases: readonly Lease[] | undefined;
  return {
    size: rows.size,
    unreadable,
    get leases() {
      leases ??= [...rows.map(lease)].flatMap((each) => each ?? []);
      return leases;
    },
    find: lookupIn(rows, lease),
    rows: () => rows.map(read),
  };
}
