import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDatagram } from './frame.ts';
import { makeFrame } from './testing.ts';

const payload = Buffer.from('payload');

describe('readDatagram', () => {
  it.each<[string, Buffer]>([
    ['plain', makeFrame(payload)],
    ['below a VLAN tag', makeFrame(payload, [210])],
    ['below two', makeFrame(payload, [210, 5])],
    ['behind IP options', makeFrame(payload, [], 8)],
    ['padded to the least length of a frame', Buffer.concat([makeFrame(payload), Buffer.alloc(20)])],
  ])('finds it %s', (_what, frame) => {
    expect(readDatagram(frame)).toEqual({ from: 68, to: 67, payload });
  });

  it.each<[string, number, number]>([
    ['another EtherType', 13, 0x06],
    ['another version', 14, 0x65],
    ['a header too short', 14, 0x44],
    ['a header longer than the packet', 14, 0x4f],
    ['a packet longer than the frame', 17, 0xff],
    ['a packet shorter than its headers', 17, 27],
    ['a fragment that others follow', 20, 0x20],
    ['a later fragment', 21, 1],
    ['another protocol', 23, 6],
    ['a datagram longer than the packet', 39, 0xff],
    ['a datagram shorter than its header', 39, 7],
  ])('finds none in %s', (_what, at, byte) => {
    const frame = makeFrame(payload);
    frame[at] = byte;

    expect(readDatagram(frame)).toBeUndefined();
  });

  it('may not be fragmented, and says so', () => {
    const frame = makeFrame(payload);
    frame[20] = 0x40;

    expect(readDatagram(frame)).toMatchObject({ payload });
  });

  it('finds it in whole frames only, and never throws', () => {
    const frame = makeFrame(payload, [1]);
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.uint8Array({ maxLength: 80 }), (length, noise) => {
        expect(readDatagram(frame.subarray(0, length))).toBeUndefined();
        readDatagram(Buffer.concat([frame.subarray(0, length), noise]));
        readDatagram(noise);
      }),
    );
  });
});
