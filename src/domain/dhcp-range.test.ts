import { describe, expect, it } from 'vitest';
import { type Address, parseSubnet, type Subnet } from './address.ts';
import { type DhcpRange, isOpen, serves } from './dhcp-range.ts';

const subnet = parseSubnet('10.2.10.0/24') as Subnet;
const address = (last: number, third = 10) => `10.2.${third}.${last}` as Address;
const range: DhcpRange = { from: address(100), to: address(199), mode: 'dynamic', tags: [], file: '/d' };

describe('serves', () => {
  it.each<[string, Partial<DhcpRange>, boolean]>([
    ['a range in the subnet', {}, true],
    ['one for reserved addresses', { from: address(0), to: address(0), mode: 'reserved' }, true],
    ['one of another server', { mode: 'proxy' }, false],
    ['one elsewhere', { from: address(100, 30), to: address(199, 30) }, false],
    ['one whose own network is narrower', { from: address(200), to: address(210), prefix: 28 }, false],
    ['one whose own network is wider', { from: address(100, 11), to: address(199, 11), prefix: 23 }, true],
  ])('tells of %s whether its server leases there', (_what, changes, expected) => {
    expect(serves({ ...range, ...changes }, address(50), subnet)).toBe(expected);
  });
});

describe('isOpen', () => {
  it('is what lies in a dynamic range, its ends too', () => {
    expect([99, 100, 199, 200].map((last) => isOpen(range, address(last)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isOpen({ ...range, mode: 'reserved' }, address(150))).toBe(false);
  });
});
