import { describe, expect, it } from 'vitest';
import { clientIdOf, leaseEnd, readDump } from './lease.ts';

const mac = 'BC:24:11:36:3f:33\n';
const duid = '00:01:00:01:32:96:41:eb:bc:24:11:36:3f:33\n';

describe('what dhcpcd -U prints', () => {
  it('is the part of DHCPv4, wherever it stands', () => {
    const text =
      'reason=CARRIER\nprotocol=link\n\nreason=BOUND\nprotocol=dhcp\nhost_name=alpha\n\nprotocol=dhcp6\nhost_name=six';

    expect(readDump(text).get('host_name')).toBe('alpha');
  });

  it('loses its quotes', () => {
    expect(readDump("protocol=dhcp\nhost_name='a b'").get('host_name')).toBe('a b');
  });

  it('may hold no DHCPv4', () => {
    expect(readDump('reason=CARRIER\nprotocol=link\nhost_name=alpha').size).toBe(0);
  });
});

describe('the end of a lease of dhcpcd', () => {
  it('is its length after its file was written', () => {
    expect(leaseEnd('1767268800', '3600')).toBe('2026-01-01T13:00:00.000Z');
  });

  it.each([
    [undefined, '3600'],
    ['', '3600'],
    ['1767268800', undefined],
    ['1767268800', '-1'],
    ['1767268800', '4294967295'],
  ])('is unknown from %s and %s', (since, seconds) => {
    expect(leaseEnd(since, seconds)).toBeUndefined();
  });
});

describe('the client identifier of dhcpcd', () => {
  it('is made of IAID and DUID, or of the MAC address', () => {
    expect(clientIdOf('duid', mac, duid)).toBe('ff:11:36:3f:33:00:01:00:01:32:96:41:eb:bc:24:11:36:3f:33');
    expect(clientIdOf('mac', mac, duid)).toBe('01:bc:24:11:36:3f:33');
  });

  it.each([
    ['duid', mac, ''],
    ['duid', mac, '$(id)'],
    ['duid', '', duid],
    ['unknown', mac, duid],
    ['none', mac, duid],
  ] as const)('is unknown with %s, %j, %j', (rule, address, unique) => {
    expect(clientIdOf(rule, address, unique)).toBeUndefined();
  });
});
