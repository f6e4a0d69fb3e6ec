import type { KeaConfiguration, KeaReservation } from './kea-configuration.ts';
import type { KeaLease, KeaWorld } from './world.ts';

/** A reservation, and the subnet in which it stands. */
type Placed = KeaReservation & { readonly subnet: string };

/** A Kea in memory; `starts` is whether it would start with what it is given. */
export interface MemoryKea extends KeaWorld {
  runs: boolean;
  /** What became of its leases, the latest last. */
  history: readonly KeaLease[];
  starts: (reservations: readonly Placed[]) => boolean;
  readonly applied: (readonly Placed[])[];
  /** The guest with this MAC address asks again at this second: only now its lease becomes what is reserved for it. */
  renew(mac: string, cltt: number): void;
}

/** The columns of kea-leases4.csv (Kea src/lib/dhcpsrv/csv_lease_file4.cc). */
const columns =
  'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id';

/** Runs, with the leases it is given. */
export function memoryKea(history: readonly KeaLease[] = []): MemoryKea {
  const kea: MemoryKea = {
    ...{ runs: true, history, starts: acceptable, applied: [] },
    async apply(configuration) {
      const reservations = configuration === undefined ? undefined : reservationsIn(configuration);
      kea.runs = reservations !== undefined && kea.starts(reservations);
      if (reservations !== undefined) kea.applied.push(reservations);
    },
    running: async () => kea.runs,
    leases: async () => (kea.runs ? held(kea.history) : undefined),
    leaseFile: async () => [columns, ...kea.history.map(line), ''].join('\n'),
    async forget(address) {
      const lease = held(kea.history).find((each) => each['ip-address'] === address);
      if (!kea.runs || lease === undefined) return false;
      kea.history = [...kea.history, { ...lease, 'valid-lft': 0 }];
      return true;
    },
    renew(mac, cltt) {
      const lease = held(kea.history).find((each) => each['hw-address'] === mac);
      if (!kea.runs || lease === undefined) return;
      const reserved = kea.applied.at(-1)?.find((each) => each['hw-address']?.toLowerCase() === mac);
      const { 'ip-address': address = lease['ip-address'], hostname = lease.hostname } = reserved ?? {};
      kea.history = [...kea.history, { ...lease, 'ip-address': address, hostname, cltt }];
    },
  };
  return kea;
}

function reservationsIn({ Dhcp4 }: KeaConfiguration): Placed[] {
  return Dhcp4.subnet4.flatMap(({ subnet, reservations }) =>
    reservations.map((each) => ({ ...each, subnet })),
  );
}

/** Kea dies of a hardware address with dashes, and of a client or an address twice in a subnet (src/lib/dhcpsrv/cfg_hosts.cc). */
function acceptable(reservations: readonly Placed[]): boolean {
  const keys = reservations.flatMap(
    ({ subnet, 'hw-address': hardware, 'ip-address': address, 'client-id': client }) =>
      [hardware?.toLowerCase(), address, client].flatMap((each) =>
        each === undefined ? [] : `${subnet} ${each}`,
      ),
  );
  return (
    new Set(keys).size === keys.length && reservations.every((each) => !each['hw-address']?.includes('-'))
  );
}

/** The last line of each address, but for those that were given back. */
function held(history: readonly KeaLease[]): KeaLease[] {
  const last = new Map(history.map((each) => [each['ip-address'], each]));
  return [...last.values()].filter((each) => each['valid-lft'] > 0);
}

function line(lease: KeaLease): string {
  const { 'valid-lft': lifetime, cltt, hostname, state } = lease;
  return [
    ...[lease['ip-address'], lease['hw-address'], lease['client-id'], lifetime, cltt + lifetime],
    ...[1, 0, 0, hostname, state, '', 0],
  ].join(',');
}
