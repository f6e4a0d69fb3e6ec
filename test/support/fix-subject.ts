import type { Address } from '../../src/domain/address.ts';
import type { Evidence } from '../../src/domain/evidence.ts';
import type { GuestConfiguration, GuestRef, GuestSummary } from '../../src/domain/guest.ts';
import type { Lease } from '../../src/domain/lease.ts';
import type { Mac } from '../../src/domain/mac.ts';
import { observed } from '../../src/domain/observation.ts';
import type { Segment } from '../../src/domain/segment.ts';
import type { FixPolicy, FixSubject } from '../../src/plan/decide.ts';
import { defaultLimits } from '../../src/plan/limits.ts';
import { address, at, fullName, mac, type SnapshotChanges, snapshot } from './sample-snapshot.ts';

const where = { source: 'test', at };

/** The sample machine at its hypervisor. */
export const ref: GuestRef = { hypervisor: 'pve', node: 'pve1', vmid: 610 };

/** A NIC of its own in the same domain. */
export const secondMac = 'bc:24:11:00:00:02' as Mac;
export const secondAddress = '10.2.10.6' as Address;
export const secondNic = { slot: 'net1', mac: secondMac, bridge: 'lan' } as const;

/** The segment of all samples. */
export const mgmt: Segment = {
  name: 'mgmt',
  domain: 'mgmt.internal',
  bridge: 'lan',
  dhcpServer: 'dnsmasq',
  resolvers: ['unbound'],
};

/** The sample machine as the hypervisor lists it. */
export function summary(changes: Partial<GuestSummary> = {}): GuestSummary {
  return { ref, kind: 'vm', name: 'alpha', power: 'running', template: false, tags: [], ...changes };
}

/** Its configuration, with one NIC. */
export function configuration(changes: Partial<GuestConfiguration> = {}): GuestConfiguration {
  return {
    ref,
    name: 'alpha',
    template: false,
    uuid: 'uuid',
    nics: [{ slot: 'net0', mac, bridge: 'lan' }],
    agentEnabled: true,
    cloudInit: false,
    ...changes,
  };
}

/** A living lease of another MAC address. */
export function otherLease(changes: Partial<Lease> = {}): Lease {
  return {
    address: '10.2.10.9' as Address,
    mac: 'bc:24:11:00:00:09' as Mac,
    name: 'alpha',
    expiresAt: '2026-01-01T13:00:00.000Z',
    ...changes,
  };
}

/** What differs from the evidence on a machine that bears `alpha` in every place. */
export interface EvidenceChanges extends Partial<Omit<Evidence, 'snapshot' | 'neighbours'>> {
  readonly snapshot?: SnapshotChanges | Evidence['snapshot'];
  readonly neighbours?: Partial<Evidence['neighbours']>;
}

/** The evidence on a machine that bears `alpha` in every place. */
export function evidence(changes: EvidenceChanges = {}): Evidence {
  const { snapshot: seen, neighbours, ...rest } = changes;
  const nic = { slot: 'net0', mac, bridge: 'lan' } as const;
  return {
    takenAt: at,
    guest: summary(),
    configuration: observed(configuration(), where),
    nic,
    segment: mgmt,
    wanted: 'alpha',
    fqdn: fullName,
    seed: { seen: 'empty', ...where },
    entry: { way: 'agent', tried: [] },
    agent: observed([{ name: 'ens18', mac, addresses: [address] }], where),
    hostKeys: 'as-pinned',
    reservation: { seen: 'empty', ...where },
    ...rest,
    snapshot: seen !== undefined && 'hypervisor' in seen ? seen : snapshot(seen),
    neighbours: {
      templates: ['tappaas-nixos'],
      namesakes: [],
      leases: observed<readonly Lease[]>([], where),
      nics: [{ nic, segment: 'mgmt' }],
      ...neighbours,
    },
  };
}

/** Leases of others, as they are seen beside a machine. */
export function leasesSeen(...leases: readonly Lease[]): Evidence['neighbours']['leases'] {
  return observed<readonly Lease[]>(leases, where);
}

/** By what a run decides when nobody says anything else. */
export function policy(changes: Partial<FixPolicy> = {}): FixPolicy {
  return {
    limits: defaultLimits,
    roles: { own: { macs: [] }, hosts: [] },
    templates: [],
    adoptHypervisor: false,
    adoptGuest: false,
    takeName: false,
    reverseRequired: false,
    ...changes,
  };
}

/** A machine that was not named itself. */
export function subject(
  changes: EvidenceChanges = {},
  more: Partial<Omit<FixSubject, 'evidence'>> = {},
): FixSubject {
  return { evidence: evidence(changes), others: [], named: false, ...more };
}
