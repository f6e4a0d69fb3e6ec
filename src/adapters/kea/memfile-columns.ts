import { SourceError } from '../../domain/error.ts';

/** Where the columns of a lease file stand, counted from 0; -1 for one that this version of Kea does not write. */
export interface MemfileColumns {
  /** Tells this order from those of other files. */
  readonly order: number;
  readonly count: number;
  readonly address: number;
  readonly hwaddr: number;
  readonly clientId: number;
  readonly validLifetime: number;
  readonly expire: number;
  readonly subnetId: number;
  readonly hostname: number;
  readonly state: number;
}

/** Written by every version; `state` came with 1.0, `user_context` with 1.4, `pool_id` with 2.4. */
const always = ['address', 'hwaddr', 'client_id', 'valid_lifetime', 'expire', 'subnet_id', 'hostname'];

/** More orders than Kea has versions of the file are none of Kea's. */
const mostOrders = 16;

/**
 * Reads the line of column names (Kea src/lib/dhcpsrv/csv_lease_file4.cc, initColumns), adding it to the orders seen so far
 * where it is a new one. Throws `bad-response` where it is none.
 */
export function columnsOf(header: string, source: string, orders: MemfileColumns[]): MemfileColumns {
  const names = header.trimEnd().split(',');
  const lacking = always.find((name) => !names.includes(name));
  if (lacking !== undefined || orders.length === mostOrders) {
    throw new SourceError('bad-response', source, `its lease file names no column ${lacking ?? 'twice'}`, {
      hint: 'Name the file of IPv4 leases that Kea writes (lease-database, name).',
    });
  }
  const at = (name: string) => names.indexOf(name);
  const columns = {
    order: orders.length,
    count: names.length,
    address: at('address'),
    hwaddr: at('hwaddr'),
    clientId: at('client_id'),
    validLifetime: at('valid_lifetime'),
    expire: at('expire'),
    subnetId: at('subnet_id'),
    hostname: at('hostname'),
    state: at('state'),
  };
  const known = orders.find(
    (each) => JSON.stringify({ ...each, order: columns.order }) === JSON.stringify(columns),
  );
  if (known !== undefined) return known;
  orders.push(columns);
  return columns;
}
