import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstAddress, parseAddressRange } from './address-range.ts';

describe('parseAddressRange', () => {
  it.each(['10.2.10.50-10.2.10.99', '10.2.10.50 - 10.2.10.50', '10.0.0.0-10.0.255.255'])(
    'reads %s',
    (text) => {
      expect(parseAddressRange(text)).toMatchObject({
        first: text.split(/ ?- ?/)[0],
        last: text.split(/ ?- ?/)[1],
      });
    },
  );

  it.each([
    '',
    '10.2.10.50',
    '10.2.10.99-10.2.10.50',
    '10.2.10.50-10.2.10.99-10.2.10.100',
    '10.0.0.0-10.1.0.0',
    '10.2.10.0/24',
    'a-b',
  ])('refuses %j', (text) => {
    expect(parseAddressRange(text)).toBeUndefined();
  });

  it('never throws, and never gives a range that is empty', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const range = parseAddressRange(text);
        expect(range === undefined || firstAddress([range], () => true) === range.first).toBe(true);
      }),
    );
  });
});

describe('firstAddress', () => {
  const ranges = ['10.2.10.50-10.2.10.51', '10.2.9.255-10.2.10.0'].flatMap(
    (each) => parseAddressRange(each) ?? [],
  );

  it('looks through the ranges in their order, both ends included', () => {
    const asked: string[] = [];

    const found = firstAddress(ranges, (address) => asked.push(address) === 4);

    expect([found, asked]).toEqual(['10.2.10.0', ['10.2.10.50', '10.2.10.51', '10.2.9.255', '10.2.10.0']]);
  });

  it('finds none where none will do', () => {
    expect(firstAddress(ranges, () => false)).toBeUndefined();
  });
});
