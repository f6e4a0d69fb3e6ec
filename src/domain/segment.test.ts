import { describe, expect, it } from 'vitest';
import { type Address, parseSubnet } from './address.ts';
import type { Nic } from './guest.ts';
import { mayHold, type Segment, segmentOf } from './segment.ts';

const nic = { slot: 'net0', mac: 'bc:24:11:00:00:01', bridge: 'lan' } as Nic;
const anywhere: Segment = { name: 'mgmt', domain: 'mgmt.internal', dhcpServer: 'a', resolvers: ['a'] };
const lan: Segment = { ...anywhere, name: 'lan', bridge: 'lan' };
const tagged: Segment = { ...lan, name: 'tagged', vlan: 210 };

describe('segmentOf', () => {
  it('goes by bridge and VLAN', () => {
    expect(segmentOf(nic, [tagged, lan])).toBe(lan);
    expect(segmentOf({ ...nic, vlan: 210 }, [lan, tagged])).toBe(tagged);
    expect(segmentOf({ ...nic, bridge: 'wan' }, [lan, tagged])).toBeUndefined();
  });

  it('takes a sole segment without a bridge for any bridge, but for its own VLAN only', () => {
    const subnet = parseSubnet('10.0.0.0/24');

    expect(segmentOf(nic, [anywhere])).toBe(anywhere);
    expect(segmentOf({ ...nic, vlan: 210 }, [anywhere])).toBeUndefined();
    expect(segmentOf(nic, subnet === undefined ? [] : [{ ...anywhere, subnet }])?.name).toBe('mgmt');
    expect(segmentOf({ ...nic, bridge: 'wan' }, [anywhere, lan])).toBeUndefined();
  });
});

describe('mayHold', () => {
  it('refuses only what is known to lie elsewhere', () => {
    const subnet = parseSubnet('10.0.0.0/24');
    const known = subnet === undefined ? lan : { ...lan, subnet };

    expect(mayHold(known, '10.0.0.7' as Address)).toBe(true);
    expect(mayHold(known, '10.0.1.7' as Address)).toBe(false);
    expect(mayHold(lan, '10.0.1.7' as Address)).toBe(true);
  });
});
