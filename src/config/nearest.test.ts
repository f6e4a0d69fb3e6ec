import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const keys = ['hypervisors', 'dhcpServers', 'resolvers', 'segments', 'guests', 'ssh', 'ca'];

describe('nearest', () => {
  it.each([
    ['resolver', 'resolvers'],
    ['dhcpservers', 'dhcpServers'],
    ['segmetns', 'segments'],
    ['hypervizors', 'hypervisors'],
    ['shh', 'ssh'],
  ])('takes %s for %s', (text, expected) => {
    expect(nearest(text, keys)).toBe(expected);
  });

  it.each(['url', 'x', '', 'nothing-like-it'])('offers nothing for %j', (text) => {
    expect(nearest(text, keys)).toBeUndefined();
  });

  it('finds any key again with one character changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys.slice(0, 5)), fc.nat(4), (key, at) => {
        expect(nearest(`${key.slice(0, at)}#${key.slice(at + 1)}`, keys)).toBe(key);
      }),
    );
  });
});
