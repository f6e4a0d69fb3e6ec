/** A segment of the lab: a bridge, a firewall with a DHCP server and a resolver, and a domain. */
export interface LabSegment {
  readonly name: 'mgmt' | 'srv';
  /** Name of the bridge at the node; at most 15 letters. */
  readonly bridge: string;
  readonly domain: string;
  readonly subnet: string;
  readonly firewall: string;
  readonly firstLease: string;
  readonly lastLease: string;
  /** `dhcp-authoritative`: OPNsense's default is off, TAPPaaS turns it on. */
  readonly authoritative: boolean;
  /** True: the resolver forwards the reverse zone too; OPNsense's wizard leaves it out. */
  readonly reverse: boolean;
}

/** Both segments; they differ in everything that a wrong assumption could hide behind. */
export const labSegments: readonly LabSegment[] = [
  {
    name: 'mgmt',
    bridge: 'lan',
    domain: 'mgmt.internal',
    subnet: '10.2.10.0/24',
    firewall: '10.2.10.1',
    firstLease: '10.2.10.100',
    lastLease: '10.2.10.199',
    authoritative: true,
    reverse: true,
  },
  {
    name: 'srv',
    bridge: 'srv',
    domain: 'srv.internal',
    subnet: '10.2.20.0/24',
    firewall: '10.2.20.1',
    firstLease: '10.2.20.100',
    lastLease: '10.2.20.199',
    authoritative: false,
    reverse: false,
  },
];

/** The node's address in `mgmt`, and its name at the resolvers. */
export const nodeHost = { name: 'tappaas1', address: '10.2.10.11' } as const;

/** The network namespace of the node: it owns the bridges, so every guest's port can be seen on it. */
export const nodeNamespace = 'node';

/** The address from which people work. */
export const controllerAddress = '10.2.10.250';
