import type { Address } from './address.ts';
import type { AgentInterface } from './guest.ts';
import type { Mac } from './mac.ts';
import type { Observation } from './observation.ts';
import { mayHold, type Segment } from './segment.ts';
import type { LeaseView } from './snapshot.ts';

/** What is known of a guest's address at one moment. */
export type AddressChoice =
  | { readonly state: 'agreed'; readonly address: Address; readonly by: string }
  | { readonly state: 'waiting'; readonly why: string }
  | { readonly state: 'disputed'; readonly why: string };

/**
 * Which address is the guest's. The agent's word counts only for the interface that bears the MAC address,
 * inside the segment, and in agreement with the lease: a guest can say anything, its DHCP server cannot be
 * talked into another machine's lease. A silent agent (undefined) leaves the lease alone to speak.
 */
export function chooseAddress(
  mac: Mac,
  segment: Segment,
  agent: readonly AgentInterface[] | undefined,
  lease: Observation<LeaseView>,
): AddressChoice {
  if (lease.seen === 'not-observable')
    return { state: 'waiting', why: `the leases cannot be read: ${lease.why}` };
  if (lease.seen === 'empty')
    return { state: 'waiting', why: `no living lease of ${mac} in segment ${segment.name}` };
  const { address } = lease.value.lease;
  if (!mayHold(segment, address)) {
    return {
      state: 'disputed',
      why: `the lease of ${mac} is ${address}, outside of segment ${segment.name}`,
    };
  }
  if (agent === undefined) return { state: 'agreed', address, by: 'lease' };
  const said = agent.filter((each) => each.mac === mac).flatMap((each) => each.addresses);
  if (said.length === 0) return { state: 'waiting', why: `the agent shows no address at ${mac}` };
  if (said.includes(address)) return { state: 'agreed', address, by: 'agent and lease' };
  return { state: 'disputed', why: `the agent says ${said.join(', ')}, the lease says ${address}` };
}
