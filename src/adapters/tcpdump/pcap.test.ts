import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ethernet, readPcap } from './pcap.ts';
import { makePcap } from './testing.ts';

const packets = [Buffer.from('first'), Buffer.from(''), Buffer.from('third')];

describe('readPcap', () => {
  it.each([
    ['little-endian, microseconds', true, false],
    ['big-endian, microseconds', false, false],
    ['little-endian, nanoseconds', true, true],
    ['big-endian, nanoseconds', false, true],
  ])('reads %s', (_what, little, nano) => {
    expect(readPcap(makePcap(packets, little, nano))).toEqual({
      linkType: ethernet,
      cut: false,
      packets: packets.map((bytes, second) => ({ at: `1970-01-01T00:00:0${second}.500Z`, bytes })),
    });
  });

  it('tells another kind of link, whatever it says of check sequences', () => {
    expect(readPcap(makePcap([], true, false, 0x1400_0071))?.linkType).toBe(113);
  });

  it.each([1, 5, 15, 18])(
    'tells that it is cut %i bytes before its end, and keeps what is whole',
    (lacking) => {
      const file = makePcap(packets);

      expect(readPcap(file.subarray(0, file.length - lacking))).toMatchObject({
        cut: true,
        packets: [{ bytes: packets[0] }, { bytes: packets[1] }],
      });
    },
  );

  it('does not follow a length that no packet has', () => {
    const file = makePcap([Buffer.from('x')]);
    file.writeUInt32LE(0xffff_fff0, 24 + 8);

    expect(readPcap(file)).toMatchObject({ packets: [], cut: true });
  });

  it.each(['', 'a1b2c3d4', '0a0d0d0a'.padEnd(64, '0'), 'xx'])('knows that %j is none', (text) => {
    expect(readPcap(Buffer.from(text, 'hex'))).toBeUndefined();
  });

  it('never throws', () => {
    const head = makePcap([]);
    fc.assert(
      fc.property(fc.boolean(), fc.uint8Array({ maxLength: 200 }), (headed, bytes) => {
        const capture = readPcap(headed ? Buffer.concat([head, bytes]) : bytes);

        expect(capture?.packets.length ?? 0).toBeLessThanOrEqual(bytes.length / 16);
      }),
    );
  });
});
