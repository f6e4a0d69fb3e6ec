import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, formatSubnet, inSubnet, parseIpv4, parseSubnet, type Subnet } from './address.ts';

const addresses = fc.ipV4().map((text) => text as Address);

function subnet(text: string): Subnet {
  const parsed = parseSubnet(text);
  if (parsed === undefined) throw new Error(`no subnet: ${text}`);
  return parsed;
}

describe('parseIpv4', () => {
  it('takes every dotted quad as it is', () => {
    fc.assert(fc.property(fc.ipV4(), (text) => parseIpv4(text) === text));
  });

  it.each([
    '',
    '10.2.10',
    '10.2.10.256',
    '10.2.10.05',
    '010.2.10.5',
    '10.2.10.5 ',
    '1.2.3.4.5',
    '::1',
    '10.2.10.-1',
    '0x0a.1.1.1',
  ])('refuses %j', (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  });
});

describe('parseSubnet', () => {
  it('clears host bits', () => {
    expect(formatSubnet(subnet('10.2.10.77/24'))).toBe('10.2.10.0/24');
    expect(formatSubnet(subnet('255.255.255.255/1'))).toBe('128.0.0.0/1');
    expect(formatSubnet(subnet('10.2.10.77/0'))).toBe('0.0.0.0/0');
  });

  it('holds the address that it was made from, and is its own text again', () => {
    fc.assert(
      fc.property(addresses, fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const made = subnet(`${address}/${prefix}`);

        expect(inSubnet(address, made)).toBe(true);
        expect(subnet(formatSubnet(made))).toEqual(made);
      }),
    );
  });

  it.each([
    '10.2.10.0',
    '10.2.10.0/',
    '10.2.10.0/33',
    '10.2.10.0/-1',
    '10.2.10.0/2a',
    '10.2.10.0/24/1',
    '/24',
    '10.2.10.0/024',
  ])('refuses %j', (text) => {
    expect(parseSubnet(text)).toBeUndefined();
  });
});

describe('inSubnet', () => {
  it('knows the neighbours at both ends', () => {
    const middle = subnet('10.2.10.0/24');
    const inside = (text: string) => inSubnet(text as Address, middle);

    expect([inside('10.2.10.0'), inside('10.2.10.255')]).toEqual([true, true]);
    expect([inside('10.2.9.255'), inside('10.2.11.0')]).toEqual([false, false]);
  });
});
