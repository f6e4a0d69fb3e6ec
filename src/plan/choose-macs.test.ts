import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mac } from '../domain/mac.ts';
import { chooseMac, macPrefix } from './choose-macs.ts';

describe('macPrefix', () => {
  it.each([
    ['BC:24:11 of the product', 'bc:24:11:00:00:01', 'bc:24:11'],
    ['a locally administered one of the site', '02:aa:bb:00:00:01', '02:aa:bb'],
    ['no vendor’s', '00:1b:21:00:00:01', 'bc:24:11'],
    ['no multicast one', '03:00:00:00:00:01', 'bc:24:11'],
  ])('takes %s', (_, source, prefix) => {
    expect(macPrefix(source as Mac)).toBe(prefix);
  });

  it('is the product’s where the source has no NIC', () => {
    expect(macPrefix(undefined)).toBe('bc:24:11');
  });
});

describe('chooseMac', () => {
  it('passes over what is taken', () => {
    const bytes = [Uint8Array.of(0, 0, 1), Uint8Array.of(0, 0, 2)];
    const random = () => bytes.shift() as Uint8Array;

    expect(chooseMac('bc:24:11', new Set(['bc:24:11:00:00:01' as Mac]), random)).toBe('bc:24:11:00:00:02');
  });

  it('gives up where nothing is free', () => {
    const random = () => Uint8Array.of(0, 0, 1);
    expect(() => chooseMac('bc:24:11', new Set(['bc:24:11:00:00:01' as Mac]), random)).toThrow('no free');
  });

  it('never gives one that is taken, nor a multicast one', () => {
    const triple = fc.uint8Array({ minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(triple), fc.infiniteStream(triple), (used, stream) => {
        const taken = new Set(used.map((each) => chooseMac('bc:24:11', new Set(), () => each)));
        const mac = chooseMac('bc:24:11', taken, () => stream.next().value);
        expect(taken.has(mac)).toBe(false);
        expect(Number.parseInt(mac.slice(0, 2), 16) & 1).toBe(0);
      }),
    );
  });
});
