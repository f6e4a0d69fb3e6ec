import type { Address } from '../domain/address.ts';
import { sameMachine } from '../domain/client-id.ts';
import type { Neighbours } from '../domain/evidence.ts';
import type { Nic } from '../domain/guest.ts';
import { type Lease, type LeaseTable, leasesOf, livingLeases } from '../domain/lease.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { type Observation, observed } from '../domain/observation.ts';
import type { LeaseView } from '../domain/snapshot.ts';

/** The living lease of a NIC in a table that was read. */
export function leaseIn(table: Observation<LeaseTable>, nic: Nic | undefined): Observation<LeaseView> {
  if (table.seen !== 'value') return table;
  const lease = nic === undefined ? undefined : leasesOf(table.value, nic.mac)[0];
  const view = lease === undefined ? undefined : { lease, readAt: table.value.readAt };
  return observed(view, table);
}

/** Whose leases have to do with a machine. */
export interface LeaseSubject {
  readonly wanted: string;
  readonly nic: Nic | undefined;
  /** All NICs of the machine. */
  readonly nics: readonly Nic[];
  /** Option 61 as the guest says that it sends it. */
  readonly clientId: string | undefined;
  /** Addresses that resolvers give its name. */
  readonly answered: readonly Address[];
}

/**
 * The living leases of others that bear the machine's name or identity, those of its other NICs, and those of the addresses that
 * resolvers give its name.
 */
export function concerningLeases(
  table: Observation<LeaseTable>,
  { wanted, nic, nics, clientId, answered }: LeaseSubject,
): Neighbours['leases'] {
  if (table.seen !== 'value') return table;
  const own = nic === undefined ? undefined : leasesOf(table.value, nic.mac)[0];
  const identity = clientId ?? own?.clientId;
  const concerns = (lease: Lease) =>
    sameName(firstLabel(lease.name), wanted) ||
    sameMachine(lease.clientId, identity) ||
    nics.some((each) => each.mac === lease.mac) ||
    answered.includes(lease.address) ||
    (own !== undefined && lease.address === own.address);
  const others = livingLeases(table.value).filter((lease) => lease.mac !== nic?.mac && concerns(lease));
  const { source, at } = table;
  return { seen: 'value', value: others, source, at };
}
