import type { Address } from './address.ts';
import type { Nic } from './guest.ts';
import type { Lease } from './lease.ts';

/** What these network interfaces are given by the word of others than the guest: their leases, and what the hypervisor fixes. Each once. */
export function givenAddresses(nics: readonly Nic[], leases: readonly Lease[]): Address[] {
  const leased = leases.filter(({ mac }) => nics.some((each) => each.mac === mac));
  const fixed = nics.flatMap(({ ipv4 }) => (typeof ipv4 === 'object' ? [ipv4.fixed] : []));
  return [...new Set([...leased.map(({ address }) => address), ...fixed])];
}
