import { describe, expect, it } from 'vitest';
import { evidence, mgmt } from '../../test/support/fix-subject.ts';
import { at } from '../../test/support/sample-snapshot.ts';
import { type Address, parseSubnet, type Subnet } from '../domain/address.ts';
import type { DhcpRange } from '../domain/dhcp-range.ts';
import type { Mac } from '../domain/mac.ts';
import type { Hostname } from '../domain/name.ts';
import { decideReservations } from './decide-reservation.ts';
import { clashOf } from './reservation-clash.ts';

const segment = { ...mgmt, subnet: parseSubnet('10.2.10.0/24') as Subnet };
const wished = { mac: 'bc:24:11:00:00:01' as Mac, name: 'alpha' as Hostname };
const asked = { ...wished, address: '10.2.10.50' as Address };

function view(ranges: readonly DhcpRange[]) {
  const standing = { version: '1', own: [], others: [], place: '/hosts', needsAddress: false, ranges };
  return { standing, leases: { leases: [], readAt: at } };
}

function range(third: number): DhcpRange {
  const [from, to] = [`10.2.${third}.100` as Address, `10.2.${third}.199` as Address];
  return { from, to, mode: 'dynamic', tags: ['eth0'], file: '/etc/d' };
}

describe('an address that is to be reserved', () => {
  it('is one of a network in which the server leases', () => {
    expect(clashOf(asked, view([range(30), range(10)]), segment)).toBeUndefined();
    expect(clashOf(asked, view([range(30)]), segment)).toMatchObject({
      why: 'the server leases nothing in the network of 10.2.10.50, and would pass it over',
      hint: 'Its ranges: 10.2.30.100 to 10.2.30.199 (/etc/d).',
    });
  });

  it('is not asked about where there is none', () => {
    expect(clashOf(wished, view([range(30)]), segment)).toBeUndefined();
  });

  it('is said to be one from which others lease', () => {
    const lease = { seen: 'empty' as const, source: 'test', at };
    const seen = { ...evidence({ wanted: 'alpha' }), snapshot: { lease, resolvers: [] } };
    const policy = {
      roles: { own: { macs: [] }, hosts: [] },
      templates: [],
      nodes: [],
      takeName: false,
      adopt: false,
    };
    const one = (last: number) => {
      const address = `10.2.10.${last}` as Address;
      return decideReservations(
        [{ mac: asked.mac, segment, address, evidence: seen }],
        view([range(10)]),
        policy,
      );
    };

    expect(one(150)).toMatchObject([
      { action: 'write', notes: [expect.stringContaining('range 10.2.10.100 to 10.2.10.199')] },
    ]);
    expect(one(50)).toMatchObject([{ action: 'write', notes: [] }]);
  });
});
