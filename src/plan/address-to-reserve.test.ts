import { describe, expect, it } from 'vitest';
import { type Address, parseSubnet } from '../domain/address.ts';
import { parseAddressRange } from '../domain/address-range.ts';
import type { Mac } from '../domain/mac.ts';
import type { Hostname } from '../domain/name.ts';
import type { Segment } from '../domain/segment.ts';
import { addressToReserve } from './address-to-reserve.ts';
import type { ServerView } from './reservation-clash.ts';

const [mac, other] = ['bc:24:11:00:00:01', 'bc:24:11:00:00:02'] as [Mac, Mac];
const subnet = parseSubnet('10.2.10.0/24');
const segment: Segment = {
  name: 'mgmt',
  domain: 'mgmt.internal',
  dhcpServer: 'fw',
  resolvers: ['fw'],
  ...(subnet === undefined ? {} : { subnet }),
};

function view(
  ranges: readonly string[],
  leases: readonly (readonly [Mac, string, string?])[] = [],
): ServerView {
  return {
    standing: {
      version: '1',
      own: [{ mac: other, name: 'mine' as Hostname, address: '10.2.10.51' as Address }],
      others: [{ mac: other, address: '10.2.10.52' as Address, file: 'x' }],
      place: 'x',
      needsAddress: true,
      freeAddresses: ranges.flatMap((each) => parseAddressRange(each) ?? []),
    },
    leases: {
      readAt: '2026-01-01T00:00:00.000Z',
      leases: leases.map(([of, address, expiresAt = '2026-01-02T00:00:00.000Z']) => ({
        mac: of,
        address: address as Address,
        expiresAt,
      })),
    },
  };
}

describe('addressToReserve', () => {
  it('is the one that the guest holds, wherever that lies', () => {
    const held = view(['10.2.10.50-10.2.10.60'], [[mac, '10.2.10.130']]);

    expect(addressToReserve(mac, segment, held, [])?.address).toBe('10.2.10.130');
  });

  it('is else the first of the ranges that nobody has: no server, no lease, no reservation', () => {
    const free = view(['10.2.10.50-10.2.10.60'], [[other, '10.2.10.53']]);

    expect(addressToReserve(mac, segment, free, ['10.2.10.50'])?.address).toBe('10.2.10.54');
  });

  it('may be one whose lease has ended', () => {
    const ended = view(['10.2.10.53-10.2.10.60'], [[other, '10.2.10.53', '2025-12-31T00:00:00.000Z']]);

    expect(addressToReserve(mac, segment, ended, [])?.address).toBe('10.2.10.53');
  });

  it.each([
    ['no range is configured', []],
    ['every address of them is taken', ['10.2.10.51-10.2.10.52']],
    ['they lie elsewhere', ['10.2.20.50-10.2.20.60']],
    ['they hold the edge of the subnet alone', ['10.2.10.255-10.2.10.255']],
  ])('is never guessed: none where %s', (_what, ranges) => {
    expect(addressToReserve(mac, segment, view(ranges), [])).toBeUndefined();
  });

  it('is none where the subnet of the segment is not known', () => {
    const { subnet: _, ...unknown } = segment;

    expect(addressToReserve(mac, unknown, view(['10.2.10.50-10.2.10.60']), [])).toBeUndefined();
  });
});
