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

/**
 * Begins an empty set of rows. Rows lie one behind the other in one buffer, and the tables beside it are arrays of numbers:
 * no object, and no string, is made for a row until somebody asks for it.
 */
export function buildLeaseRows(): LeaseRowsBuilder {
  let count = 0;
  let bytes = Buffer.allocUnsafeSlow(firstBytes);
  let used = 0;
  let live = 0;
  let addresses = new Uint32Array(firstRows);
  let offsets = new Uint32Array(firstRows);
  // Zero for a row that was deleted: no row is empty.
  let lengths = new Uint32Array(firstRows);
  let macs = new Float64Array(firstRows);
  let labels = new Uint32Array(firstRows);
  let tags = new Uint8Array(firstRows);
  // Row numbers from one; zero is an empty slot.
  let slots = new Uint32Array(slotsFor(firstRows));

  function find(address: number): number {
    let slot = slotOf(address, slots.length);
    for (let row = slots[slot] as number; row !== 0; row = slots[slot] as number) {
      if (addresses[row - 1] === address) return row - 1;
      slot = (slot + 1) & (slots.length - 1);
    }
    return -1 - slot;
  }

  function enter(address: number, row: number): void {
    slots[-1 - find(address)] = row + 1;
  }

  function resize(rows: number): void {
    addresses = copied(new Uint32Array(rows), addresses);
    offsets = copied(new Uint32Array(rows), offsets);
    lengths = copied(new Uint32Array(rows), lengths);
    macs = copied(new Float64Array(rows), macs);
    labels = copied(new Uint32Array(rows), labels);
    tags = copied(new Uint8Array(rows), tags);
    slots = new Uint32Array(slotsFor(rows));
    for (let row = 0; row < count; row += 1) enter(addresses[row] as number, row);
  }

  /** Moves the winning rows into a buffer of this many bytes. */
  function compact(size: number): void {
    const next = Buffer.allocUnsafeSlow(size);
    let to = 0;
    for (let row = 0; row < count; row += 1) {
      const from = offsets[row] as number;
      bytes.copy(next, to, from, from + (lengths[row] as number));
      offsets[row] = to;
      to += lengths[row] as number;
    }
    bytes = next;
    used = to;
  }

  return {
    set(source, start, end, { address, mac, label }, tag = 0) {
      const length = end - start;
      if (used + length > bytes.length) {
        compact(Math.max((live + length) * 2, firstBytes));
      }
      let row = find(address);
      if (row < 0) {
        if (count === addresses.length) resize(count * 2);
        row = count;
        addresses[row] = address;
        enter(address, row);
        count += 1;
      }
      live += length - (lengths[row] as number);
      source.copy(bytes, used, start, end);
      offsets[row] = used;
      lengths[row] = length;
      macs[row] = mac;
      labels[row] = label;
      tags[row] = tag;
      used += length;
    },
    delete(address) {
      const row = find(address);
      if (row < 0) return;
      live -= lengths[row] as number;
      lengths[row] = 0;
    },
    finish() {
      compact(live);
      resize(Math.max(count, 1));
      return rowsOf();
    },
  };

  function rowsOf(): LeaseRows {
    let size = 0;
    for (let row = 0; row < count; row += 1) if (lengths[row] !== 0) size += 1;
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
      size,
      byAddress(address, read) {
        const row = find(address);
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
