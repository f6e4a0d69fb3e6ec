import { type Address, inSubnet, type Subnet } from './address.ts';
import type { Nic } from './guest.ts';

/** A bridge with an optional VLAN, or a subnet, with the domain, DHCP server and resolvers of its guests. */
export interface Segment {
  /** The name in the configuration; TAPPaaS calls it a zone. */
  readonly name: string;
  /** The domain under which its guests are known, lower case. */
  readonly domain: string;
  readonly bridge?: string;
  readonly vlan?: number;
  readonly subnet?: Subnet;
  /** Id of the DHCP server in the configuration. */
  readonly dhcpServer: string;
  /** Ids of the resolvers in the configuration, at least one. */
  readonly resolvers: readonly string[];
}

/**
 * The segment that a network interface is plugged into, or undefined. A sole segment without a bridge
 * is on any bridge; the VLAN must be its own all the same.
 */
export function segmentOf(nic: Nic, segments: readonly Segment[]): Segment | undefined {
  const [sole, ...others] = segments;
  const anywhere = others.length === 0 && sole?.bridge === undefined;
  return segments.find(
    (segment) =>
      segment.vlan === nic.vlan &&
      (anywhere || (segment.bridge !== undefined && segment.bridge === nic.bridge)),
  );
}

/** False only when the segment is known to lie elsewhere; a segment without a subnet holds any address. */
export function mayHold(segment: Segment, address: Address): boolean {
  return segment.subnet === undefined || inSubnet(address, segment.subnet);
}

/** True when a name in one is the same name in the other. */
export function sameDomain(left: Segment | undefined, right: Segment | undefined): boolean {
  return left !== undefined && right !== undefined && left.domain === right.domain;
}

/** What a full name is called in the segments in whose domain it lies: `alpha` of `alpha.mgmt.internal`. */
export function labelsIn(name: string, segments: readonly Segment[]): string[] {
  const whole = name.toLowerCase();
  return segments.flatMap(({ domain }) =>
    whole.endsWith(`.${domain}`) ? [name.slice(0, -domain.length - 1)] : [],
  );
}
