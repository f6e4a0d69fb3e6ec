import { describe, expect, it } from 'vitest';
import { clientMac, makeFrame, makeMessage, makePcap } from '../../src/adapters/tcpdump/testing.ts';
import type { DhcpMessage } from '../../src/domain/wire.ts';
import { leasedWrongly, measure, messagesOf } from './measure.ts';

const types = { DISCOVER: 1, OFFER: 2, REQUEST: 3, ACK: 5, RELEASE: 7 } as const;

/** Messages as they come out of a capture file, half a second after each whole second. */
function captured(
  ...made: readonly (readonly [
    keyof typeof types,
    string?,
    { readonly mac?: string; readonly code?: number }?,
  ])[]
): DhcpMessage[] {
  const frames = made.map(([type, name, { mac = clientMac, code = 12 } = {}]) => {
    const bytes = Buffer.from(name ?? '');
    const value = code === 81 ? [1, 0, 0, ...bytes] : [...bytes];
    const named = name === undefined ? [] : [[code, value] as const];
    const answer = type === 'OFFER' || type === 'ACK';
    return makeFrame(makeMessage({ mac, answer, options: [[53, [types[type]]], ...named] }));
  });
  return messagesOf(makePcap(frames), clientMac);
}

const end = '1970-01-01T00:01:40.500Z';

describe('measure', () => {
  it('finds nothing wrong with a machine that always bears its name, in whatever case or domain', () => {
    const messages = captured(
      ['DISCOVER', 'alpha'],
      ['OFFER'],
      ['REQUEST', 'ALPHA.mgmt.internal'],
      ['ACK', 'other'],
    );

    expect(measure(messages, 'alpha', end)).toEqual({
      packets: 2,
      wrongNamePackets: 0,
      secondsUnderWrongName: 0,
      names: ['alpha', 'ALPHA.mgmt.internal'],
    });
  });

  it('counts another name in option 12 and in option 81, and none at all', () => {
    const messages = captured(
      ['DISCOVER', 'template'],
      ['DISCOVER', 'template', { code: 81 }],
      ['DISCOVER'],
      ['REQUEST', 'alpha'],
    );

    expect(measure(messages, 'alpha', end).wrongNamePackets).toBe(3);
  });

  it('counts every name where none is expected', () => {
    const messages = captured(['DISCOVER'], ['REQUEST', 'template']);

    expect(measure(messages, undefined, end)).toMatchObject({
      packets: 2,
      wrongNamePackets: 1,
      names: [null, 'template'],
    });
  });

  it('times a lease from the answer to a wrong request until the answer to a right one', () => {
    const messages = captured(['REQUEST', 'template'], ['ACK'], ['REQUEST', 'alpha'], ['RELEASE'], ['ACK']);

    expect(measure(messages, 'alpha', end).secondsUnderWrongName).toBe(3);
  });

  it('times a wrong lease that is never mended until the end', () => {
    const [request, ack] = captured(['REQUEST', 'template'], ['ACK']) as [DhcpMessage, DhcpMessage];
    const until = new Date(Date.parse(ack.at) + 42_000).toISOString();

    expect(measure([request, ack], 'alpha', until).secondsUnderWrongName).toBe(42);
  });

  it('leaves other machines out', () => {
    const messages = captured(['DISCOVER', 'beta', { mac: 'bc:24:11:00:00:02' }]);

    expect(measure(messages, 'alpha', end).packets).toBe(0);
  });

  it('throws for a capture that is not whole', () => {
    const file = makePcap([makeFrame(makeMessage({ options: [[53, [1]]] }))]);

    expect(() => messagesOf(file.subarray(0, file.length - 4), clientMac)).toThrow('not whole');
  });
});

describe('leasedWrongly', () => {
  it.each([
    ['another name was granted', captured(['REQUEST', 'template'], ['ACK']), true],
    ['no name was granted', captured(['REQUEST'], ['ACK']), true],
    ['the right name was granted', captured(['DISCOVER', 'template'], ['REQUEST', 'alpha'], ['ACK']), false],
    ['another name was asked for only', captured(['REQUEST', 'template']), false],
    ['it was granted before it asked', captured(['ACK'], ['REQUEST', 'template']), false],
  ])('%s', (_what, messages, expected) => {
    expect(leasedWrongly(messages, 'alpha')).toBe(expected);
  });
});
