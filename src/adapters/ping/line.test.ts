import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePingLine } from './line.ts';

describe('parsePingLine', () => {
  it.each([
    [
      '[1795656320.615181] 64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.068 ms',
      { kind: 'answered', sequence: 1, at: 1_795_656_320_615 },
    ],
    [
      '[1795656320.815685] 64 bytes from 10.9.0.1: icmp_seq=65535 ttl=64 time=2031 ms (DUP!)',
      { kind: 'answered', sequence: 65_535, at: 1_795_656_320_816 },
    ],
    [
      '[1795656324.843602] no answer yet for icmp_seq=12',
      { kind: 'unanswered', sequence: 12, at: 1_795_656_324_844 },
    ],
    [
      '[1795656327.691808] From 192.0.2.2 icmp_seq=7 Destination Host Unreachable',
      { kind: 'unanswered', sequence: 7, at: 1_795_656_327_692 },
    ],
  ])('reads %s', (line, read) => {
    expect(parsePingLine(line)).toEqual(read);
  });

  it.each([
    'PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.',
    'ping: connect: Network is unreachable',
    'ping: sendmsg: Operation not permitted',
    '3 packets transmitted, 3 received, 0% packet loss, time 401ms',
    '64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.068 ms',
    '[1795656320.615181] 64 bytes from 127.0.0.1: icmp_seq=0 ttl=64 time=0.068 ms',
    '[1795656320.615181] 64 bytes from 127.0.0.1: icmp_seq=65536 ttl=64 time=0.068 ms',
    '[1795656320.615181] 64 bytes from 127.0.0.1: icmp_seq=3 ttl=64 time=0.1 ms wrong data byte #16 should be 0x10',
    '[1795656320.615181] no answer yet for icmp_seq=3 or so',
    '',
  ])('takes nothing from %j', (line) => {
    expect(parsePingLine(line)).toBeUndefined();
  });

  it('never throws, and never gives a number that is none', () => {
    const digits = fc.stringMatching(/^\d{0,14}\.?\d{0,10}$/);
    const words = fc.constantFrom('64 bytes from a: ', 'no answer yet for ', 'From a ', '\0');
    const noise = fc.string({ maxLength: 8 });
    const shaped = fc
      .tuple(digits, words, fc.integer({ min: -1, max: 99_999 }), fc.oneof(fc.constant(''), noise))
      .map(([time, said, sequence, rest]) => `[${time}] ${said}icmp_seq=${sequence}${rest}`);

    fc.assert(
      fc.property(fc.oneof(shaped, noise), (line) => {
        const { sequence = 1, at = 0 } = parsePingLine(line) ?? {};

        expect(Number.isSafeInteger(sequence) && sequence > 0 && Number.isSafeInteger(at)).toBe(true);
      }),
    );
  });
});
