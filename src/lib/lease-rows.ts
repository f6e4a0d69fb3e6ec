/** What a row of a lease file is found by. */
export interface RowKeys {
  /** IPv4 address as a number; the last row of an address wins. */
  readonly address: number;
  /** MAC address as a number of 48 bits; -1 for none. */
  readonly mac: number;
  /** {@link labelHash} of the name; 0 for none. */
  readonly label: number;
}

/** The winning rows of a lease file as bytes, one an address, found again by MAC address, first label of the name, and address. */
export interface LeaseRows {
  /** How many addresses have a row. */
  readonly size: number;
  /** What `read` makes of the row of an address. */
  byAddress<T>(address: number, read: RowReader<T>): T[];
  /** Of the rows of a MAC address, in the order in which their addresses came first. */
  byMac<T>(mac: number, read: RowReader<T>): T[];
  /** Of the rows whose label has this hash: whoever asks compares the names themselves. */
  byLabel<T>(hash: number, read: RowReader<T>): T[];
  /** Of all of them, in the order in which their addresses came first. */
  map<T>(read: RowReader<T>): Iterable<T>;
}

/** Makes something of a row's bytes and the tag that it was kept with. */
export type RowReader<T> = (row: Buffer, tag: number) => T;

/** {@link LeaseRows} in the making. */
export interface LeaseRowsBuilder {
  /** Keeps a copy of the bytes from `start` up to `end` as the row of its address, in place of an earlier one; `tag` is a byte beside it. */
  set(bytes: Buffer, start: number, end: number, keys: RowKeys, tag?: number): void;
  /** Forgets the row of an address. */
  delete(address: number): void;
  /** The rows as they stand, in no more memory than they need. The builder is of no use after it. */
  finish(): LeaseRows;
}

const firstRows = 1024;
const firstBytes = 64 * 1024;

/** Four bytes a slot; twice as many slots as rows keep the ways short. */
function slotsFor(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(rows, 1) * 1.5));
}

/** Fibonacci hashing: the golden ratio spreads neighbours (Knuth, The Art of Computer Programming 3, section 6.4). */
function slotOf(key: number, slots: number): number {
  return (Math.imul(key ^ (key >>> 15), 0x9e3779b1) >>> 7) & (slots - 1);
}

/** 48 bits folded to 32. */
function folded(mac: number): number {
  return (mac % 4_294_967_296) ^ Math.imul(mac / 4_294_967_296, 0x01000193);
}

/** The arrays beside the bytes, one element a row, and the slots that find a row by its address. */
interface Tables {
  count: number;
  addresses: Uint32Array;
  offsets: Uint32Array;
  /** Zero for a row that was deleted: no row is empty. */
  lengths: Uint32Array;
  macs: Float64Array;
  labels: Uint32Array;
  tags: Uint8Array;
  /** Row numbers from one; zero is an empty slot. */
  slots: Uint32Array;
}

/** The bytes of rows, one behind the other. */
interface Store {
  bytes: Buffer;
  /** Up to here rows were written. */
  used: number;
  /** Bytes of rows that count. */
  live: number;
}

/**
 * Begins an empty set of rows. Rows lie one behind the other in one buffer, and the tables beside it are arrays of numbers:
 * no object, and no string, is made for a row until somebody asks for it.
 */
export function buildLeaseRows(): LeaseRowsBuilder {
  const store: Store = { bytes: Buffer.allocUnsafeSlow(firstBytes), used: 0, live: 0 };
  const tables: Tables = {
    count: 0,
    addresses: new Uint32Array(firstRows),
    offsets: new Uint32Array(firstRows),
    lengths: new Uint32Array(firstRows),
    macs: new Float64Array(firstRows),
    labels: new Uint32Array(firstRows),
    tags: new Uint8Array(firstRows),
    slots: new Uint32Array(slotsFor(firstRows)),
  };
  return {
    set(source, start, end, { address, mac, label }, tag = 0) {
      const length = end - start;
      if (store.used + length > store.bytes.length) {
        compact(store, tables, Math.max((store.live + length) * 2, firstBytes));
      }
      const row = rowFor(tables, address);
      store.live += length - (tables.lengths[row] as number);
      source.copy(store.bytes, store.used, start, end);
      tables.offsets[row] = store.used;
      tables.lengths[row] = length;
      tables.macs[row] = mac;
      tables.labels[row] = label;
      tables.tags[row] = tag;
      store.used += length;
    },
    delete(address) {
      const row = find(tables, address);
      if (row < 0) return;
      store.live -= tables.lengths[row] as number;
      tables.lengths[row] = 0;
    },
    finish() {
      compact(store, tables, store.live);
      resize(tables, Math.max(tables.count, 1));
      return rowsOf(store.bytes, tables);
    },
  };
}

/** The row of an address, or a negative number that tells the slot in which it is to be entered. */
function find({ slots, addresses }: Tables, address: number): number {
  let slot = slotOf(address, slots.length);
  for (let row = slots[slot] as number; row !== 0; row = slots[slot] as number) {
    if (addresses[row - 1] === address) return row - 1;
    slot = (slot + 1) & (slots.length - 1);
  }
  return -1 - slot;
}

function rowFor(tables: Tables, address: number): number {
  const known = find(tables, address);
  if (known >= 0) return known;
  const row = tables.count;
  if (row === tables.addresses.length) resize(tables, row * 2);
  tables.addresses[row] = address;
  enter(tables, row);
  tables.count += 1;
  return row;
}

function enter(tables: Tables, row: number): void {
  tables.slots[-1 - find(tables, tables.addresses[row] as number)] = row + 1;
}

function resize(tables: Tables, rows: number): void {
  tables.addresses = copied(new Uint32Array(rows), tables.addresses);
  tables.offsets = copied(new Uint32Array(rows), tables.offsets);
  tables.lengths = copied(new Uint32Array(rows), tables.lengths);
  tables.macs = copied(new Float64Array(rows), tables.macs);
  tables.labels = copied(new Uint32Array(rows), tables.labels);
  tables.tags = copied(new Uint8Array(rows), tables.tags);
  tables.slots = new Uint32Array(slotsFor(rows));
  for (let row = 0; row < tables.count; row += 1) enter(tables, row);
}

/** Moves the rows that count into a buffer of this many bytes. */
function compact(store: Store, { count, offsets, lengths }: Tables, size: number): void {
  const next = Buffer.allocUnsafeSlow(size);
  let to = 0;
  for (let row = 0; row < count; row += 1) {
    const from = offsets[row] as number;
    const length = lengths[row] as number;
    store.bytes.copy(next, to, from, from + length);
    offsets[row] = to;
    to += length;
  }
  store.bytes = next;
  store.used = to;
}

function rowsOf(bytes: Buffer, tables: Tables): LeaseRows {
  const { count, offsets, lengths, macs, labels, tags, slots } = tables;
  const alive = (row: number) => lengths[row] !== 0;
  const made = <T>(row: number, read: RowReader<T>) => {
    const from = offsets[row] as number;
    return read(bytes.subarray(from, from + (lengths[row] as number)), tags[row] as number);
  };
  const macChain = chain(count, slots.length, (row) =>
    alive(row) && macs[row] !== -1 ? folded(macs[row] as number) : undefined,
  );
  const labelChain = chain(count, slots.length, (row) =>
    alive(row) && labels[row] !== 0 ? labels[row] : undefined,
  );
  return {
    size: lengths.reduce((sum, length) => sum + Number(length !== 0), 0),
    byAddress(address, read) {
      const row = find(tables, address);
      return row < 0 || !alive(row) ? [] : [made(row, read)];
    },
    byMac: (mac, read) =>
      macChain(folded(mac))
        .filter((row) => macs[row] === mac)
        .map((row) => made(row, read)),
    byLabel: (hash, read) =>
      labelChain(hash)
        .filter((row) => labels[row] === hash)
        .map((row) => made(row, read)),
    *map(read) {
      for (let row = 0; row < count; row += 1) if (alive(row)) yield made(row, read);
    },
  };
}

/** Rows that share a slot, in order; a row without key is in none. */
function chain(
  count: number,
  slots: number,
  keyOf: (row: number) => number | undefined,
): (key: number) => number[] {
  const heads = new Uint32Array(slots);
  const nexts = new Uint32Array(count);
  for (let row = count - 1; row >= 0; row -= 1) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const slot = slotOf(key, slots);
    nexts[row] = heads[slot] as number;
    heads[slot] = row + 1;
  }
  return (key) => {
    const rows: number[] = [];
    for (let row = heads[slotOf(key, slots)] as number; row !== 0; row = nexts[row - 1] as number)
      rows.push(row - 1);
    return rows;
  };
}

function copied<T extends Uint8Array | Uint32Array | Float64Array>(into: T, from: T): T {
  into.set(from.length > into.length ? from.subarray(0, into.length) : from);
  return into;
}
