import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDhcpRange, parseLeaseMax } from './dhcp-range.ts';

describe('parseDhcpRange', () => {
  it.each([
    ['10.2.10.100,10.2.10.199,86400', { from: '10.2.10.100', to: '10.2.10.199', mode: 'dynamic', tags: [] }],
    ['10.2.10.100, 10.2.10.199', { from: '10.2.10.100', to: '10.2.10.199', mode: 'dynamic', tags: [] }],
    ['tag:eth0,10.2.10.1,10.2.10.9', { from: '10.2.10.1', to: '10.2.10.9', mode: 'dynamic', tags: ['eth0'] }],
    [
      'tag:!a,net:b,set:c,10.2.10.1,10.2.10.9',
      { from: '10.2.10.1', to: '10.2.10.9', mode: 'dynamic', tags: ['!a', 'b'] },
    ],
    ['lan,10.2.10.1,10.2.10.9', { from: '10.2.10.1', to: '10.2.10.9', mode: 'dynamic', tags: [] }],
    ['10.2.10.0,static', { from: '10.2.10.0', to: '10.2.10.0', mode: 'reserved', tags: [] }],
    [
      '10.2.10.0,static,255.255.254.0',
      { from: '10.2.10.0', to: '10.2.10.0', mode: 'reserved', prefix: 23, tags: [] },
    ],
    ['10.2.10.0,proxy', { from: '10.2.10.0', to: '10.2.10.0', mode: 'proxy', tags: [] }],
    [
      '10.2.10.1,10.2.10.9,255.255.255.0,10.2.10.255,1h',
      { from: '10.2.10.1', to: '10.2.10.9', mode: 'dynamic', prefix: 24, tags: [] },
    ],
  ])('reads %s', (value, expected) => {
    expect(parseDhcpRange(value)).toEqual(expected);
  });

  it.each([
    '',
    '10.2.10.1',
    'tag:x',
    '10.2.10.1,never',
    'fd00::10,fd00::20,64',
    '::,constructor:eth0',
    '10.2.10.300,10.2.10.301',
  ])('finds none in %j', (value) => {
    expect(parseDhcpRange(value)).toBeUndefined();
  });

  it('reads any text to a range of two addresses, or to none', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'10.29,:tagse! \ue000') }), (text) => {
        const range = parseDhcpRange(text);
        if (range !== undefined) expect([range.from, range.to].join()).toMatch(/^[\d.]+,[\d.]+$/);
      }),
    );
  });
});

describe('parseLeaseMax', () => {
  it.each([
    ['2000', 2000],
    [' 0 ', 0],
    ['', undefined],
    ['many', undefined],
    ['-1', undefined],
  ])('reads %j as %s', (value, expected) => {
    expect(parseLeaseMax(value)).toBe(expected);
  });
});
