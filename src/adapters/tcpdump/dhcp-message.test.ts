import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDhcpMessage } from './dhcp-message.ts';
import { clientMac, type HandMade, makeMessage, makeOptions } from './testing.ts';

const at = '2026-01-01T12:00:00.000Z';
const request: HandMade['options'][number] = [53, [3]];

function read(made: Partial<HandMade>) {
  return parseDhcpMessage(makeMessage({ options: [request], ...made }), at);
}

function readOption(code: number, bytes: Uint8Array | readonly number[]) {
  return read({ options: [request, [code, bytes]] });
}

describe('parseDhcpMessage', () => {
  it('reads a request', () => {
    const options: HandMade['options'] = [
      request,
      [61, [1, 0xbc, 0x24]],
      [50, [10, 2, 10, 5]],
      [12, Buffer.from('tappaas-nixos')],
      [55, [1, 3, 6]],
    ];

    expect(read({ options })).toEqual({
      at,
      type: 'REQUEST',
      mac: clientMac,
      hostName: 'tappaas-nixos',
      clientId: '01:bc:24',
      address: '10.2.10.5',
    });
  });

  it('reads an answer: the address that it gives counts', () => {
    const options: HandMade['options'] = [
      [53, [5]],
      [50, [1, 1, 1, 1]],
    ];

    expect(read({ answer: true, yours: '10.2.10.6', client: '9.9.9.9', options })).toEqual({
      at,
      type: 'ACK',
      mac: clientMac,
      address: '10.2.10.6',
    });
  });

  it('takes the address of a renewal from ciaddr', () => {
    expect(read({ client: '10.2.10.7' })?.address).toBe('10.2.10.7');
  });

  it.each(['DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM'])(
    'knows the type %s',
    (type) => {
      const types = ['DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM'];

      expect(read({ options: [[53, [types.indexOf(type) + 1]]] })?.type).toBe(type);
    },
  );

  it.each<[string, Uint8Array, string]>([
    ['UTF-8', Buffer.from('zwölf ☃'), 'zwölf ☃'],
    ['no UTF-8', Buffer.from([0x61, 0xff, 0x80]), 'a\u00ff\u0080'],
    ['control characters', Buffer.from('\u001b[2J\0\n$(reboot)'), '\u001b[2J\0\n$(reboot)'],
    ['a byte order mark', Buffer.from('\ufeffa'), '\ufeffa'],
    ['nothing', Buffer.alloc(0), ''],
  ])('keeps a host name of %s as it is', (_what, bytes, expected) => {
    expect(readOption(12, bytes)?.hostName).toBe(expected);
  });

  it.each<[string, Uint8Array, string | undefined]>([
    ['ASCII', Buffer.from('\x01\0\0alpha.srv.internal'), 'alpha.srv.internal'],
    ['the wire format', Buffer.from('\x05\0\0\x05alpha\x03srv\0'), 'alpha.srv'],
    ['the wire format, a part of a name', Buffer.from('\x04\0\0\x05alpha'), 'alpha'],
    ['the wire format, a label beyond the end', Buffer.from('\x04\0\0\x09alpha'), '\x09alpha'],
    ['the wire format, a pointer', Buffer.from([4, 0, 0, 0xc0, 0x0c]), '\u00c0\x0c'],
    ['an empty name', Buffer.from([4, 0, 0]), ''],
    ['an empty name in ASCII', Buffer.from([0, 0, 0]), ''],
    ['no room for its flags', Buffer.from([4, 0]), undefined],
  ])('reads option 81 in %s', (_what, bytes, expected) => {
    const message = readOption(81, bytes);

    expect(message?.fqdn).toBe(expected);
    expect(message?.fqdnFlags).toBe(expected === undefined ? undefined : bytes[0]);
  });

  it('puts a long option together (RFC 3396), across overloaded fields too', () => {
    const parts = ['a'.repeat(255), 'b', 'c', 'd'].map((text) => Buffer.from(text));
    const [one, two, three, four] = parts as [Buffer, Buffer, Buffer, Buffer];
    const bootFile = makeOptions([[12, three]]);
    const serverName = makeOptions([[12, four]]);
    const options: HandMade['options'] = [request, [12, one], [52, [3]], [12, two]];

    expect(read({ options, bootFile, serverName })?.hostName).toBe(`${one}bcd`);
  });

  it.each([
    [1, 'f'],
    [2, 's'],
    [3, 'fs'],
  ])('reads the fields that overload %i names, and no others', (value, expected) => {
    const bootFile = makeOptions([[12, Buffer.from('f')]]);
    const serverName = makeOptions([[12, Buffer.from('s')]]);

    expect(read({ options: [request, [52, [value]]], bootFile, serverName })?.hostName).toBe(expected);
  });

  it('passes over padding, and ends at the end option', () => {
    const message = makeMessage({ options: [] });
    const rest = Buffer.concat([Buffer.from([0, 0]), makeOptions([request]), Buffer.from([255, 12, 9])]);

    expect(parseDhcpMessage(Buffer.concat([message.subarray(0, 240), rest]), at)?.type).toBe('REQUEST');
  });

  it.each<[string, Partial<HandMade>]>([
    ['without a type (BOOTP)', { options: [] }],
    ['of type 0', { options: [[53, [0]]] }],
    ['of type 9', { options: [[53, [9]]] }],
    ['of two types', { options: [request, request] }],
  ])('reads no message %s', (_what, made) => {
    expect(read(made)).toBeUndefined();
  });

  it.each([
    ['hardware that is not Ethernet', 1, 6],
    ['an address of another length', 2, 16],
    ['another magic cookie', 236, 0],
    ['an option beyond the end', 241, 99],
  ])('reads no message with %s', (_what, place, byte) => {
    const message = makeMessage({ options: [request] });
    message[place] = byte;

    expect(parseDhcpMessage(message, at)).toBeUndefined();
  });

  it('reads back any text, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        expect(readOption(12, Buffer.from(text))?.hostName).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(239), (noise, place) => {
        const message = Buffer.concat([makeMessage({ options: [] }).subarray(0, 240), noise]);
        parseDhcpMessage(message, at);
        message.set(noise.subarray(0, message.length - place), place);
        parseDhcpMessage(message, at);
        parseDhcpMessage(noise, at);
      }),
    );
  });
});
