import { describe, expect, it } from 'vitest';
import type { Address } from './address.ts';
import { parseSubnet } from './address.ts';
import { chooseAddress } from './address-choice.ts';
import type { AgentInterface } from './guest.ts';
import type { Mac } from './mac.ts';
import { type Observation, observed } from './observation.ts';
import type { Segment } from './segment.ts';
import type { LeaseView } from './snapshot.ts';

const mac = 'bc:24:11:00:00:01' as Mac;
const subnet = parseSubnet('10.2.10.0/24');
const segment: Segment = {
  name: 'mgmt',
  domain: 'mgmt.internal',
  dhcpServer: 'a',
  resolvers: ['a'],
  ...(subnet && { subnet }),
};
const where = { source: 'leases', at: '2026-01-01T00:00:00.000Z' };

function leased(address: string): Observation<LeaseView> {
  return observed({ lease: { address: address as Address, mac }, readAt: where.at }, where);
}

function shows(address: string, at: Mac = mac): AgentInterface[] {
  return [
    { name: 'lo', addresses: ['127.0.0.1' as Address] },
    { name: 'ens18', mac: at, addresses: [address as Address] },
  ];
}

describe('chooseAddress', () => {
  it('takes the address on which agent and lease agree', () => {
    expect(chooseAddress(mac, segment, shows('10.2.10.5'), leased('10.2.10.5'))).toEqual({
      state: 'agreed',
      address: '10.2.10.5',
      by: 'agent and lease',
    });
  });

  it('takes the lease alone when the agent is silent', () => {
    expect(chooseAddress(mac, segment, undefined, leased('10.2.10.5'))).toMatchObject({
      state: 'agreed',
      by: 'lease',
    });
  });

  it('disputes an agent that names another address than the lease', () => {
    expect(chooseAddress(mac, segment, shows('10.2.10.9'), leased('10.2.10.5')).state).toBe('disputed');
  });

  it('disputes a lease outside of the segment, whatever the agent says', () => {
    expect(chooseAddress(mac, segment, shows('10.9.9.9'), leased('10.9.9.9')).state).toBe('disputed');
  });

  it('waits for the agent to show an address at the MAC address; other interfaces count for nothing', () => {
    const other = 'bc:24:11:00:00:02' as Mac;

    expect(chooseAddress(mac, segment, shows('10.2.10.5', other), leased('10.2.10.5')).state).toBe('waiting');
    expect(chooseAddress(mac, segment, [], leased('10.2.10.5')).state).toBe('waiting');
  });

  it('never takes the word of the agent alone, and says whether there is no lease or nobody could look', () => {
    const absent = chooseAddress(mac, segment, shows('10.2.10.5'), { seen: 'empty', ...where });
    const blind = chooseAddress(mac, segment, shows('10.2.10.5'), {
      seen: 'not-observable',
      code: 'timeout',
      why: 'late',
      ...where,
    });

    expect(absent).toMatchObject({ state: 'waiting', why: expect.stringContaining('no living lease') });
    expect(blind).toMatchObject({ state: 'waiting', why: expect.stringContaining('late') });
  });
});
