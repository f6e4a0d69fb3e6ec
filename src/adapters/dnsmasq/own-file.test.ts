import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../domain/address.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import type { OwnReservation } from '../../domain/reservation.ts';
import { parseDhcpHost } from './dhcp-host.ts';
import { readLine } from './option-line.ts';
import { readOwnFile, writeOwnFile } from './own-file.ts';

const one: OwnReservation = { mac: 'bc:24:11:00:00:01' as Mac, name: 'alpha' as Hostname };
const hex = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, '0'));
const macs = fc.array(hex, { minLength: 6, maxLength: 6 }).map((bytes) => bytes.join(':') as Mac);
const names = fc.oneof(
  fc.constantFrom('infinite', 'ignore', '12h', '1234', 'id', 'a'),
  fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,20}[a-zA-Z0-9])?$/),
);
const addresses = fc.ipV4();
const reservations = fc.uniqueArray(
  fc
    .record({ mac: macs, name: names, address: addresses }, { requiredKeys: ['mac', 'name'] })
    .map((each) => each as OwnReservation),
  { selector: ({ mac }) => mac },
);

describe('the file of Truename’s own', () => {
  it('says whose it is, and each reservation in a line of its own', () => {
    const text = writeOwnFile([{ ...one, address: '10.2.10.5' as Address }]);

    expect(text).toMatch(/^# Written by Truename\..*\nbc:24:11:00:00:01,"alpha",10\.2\.10\.5\n$/);
  });

  it('is no file at all where nothing is reserved', () => {
    expect(writeOwnFile([])).toBeUndefined();
  });

  it('is read back as it was written, in whatever order that was', () => {
    fc.assert(
      fc.property(reservations, (given) => {
        fc.pre(given.length > 0);
        const text = writeOwnFile(given) as string;
        expect(readOwnFile(text)).toHaveLength(given.length);
        expect(readOwnFile(text)).toEqual(expect.arrayContaining(given));
        expect(writeOwnFile(given.toReversed())).toBe(text);
      }),
    );
  });

  it('means to dnsmasq what it means to Truename', () => {
    fc.assert(
      fc.property(reservations, (given) => {
        const lines = (writeOwnFile(given) ?? '')
          .split('\n')
          .map(readLine)
          .filter((each) => each !== undefined);
        expect(lines.flatMap(parseDhcpHost)).toEqual(expect.arrayContaining(given));
        expect(lines).toHaveLength(given.length);
      }),
    );
  });

  it.each([
    ['a line of somebody else', (text: string) => `${text}bc:24:11:00:00:09,theirs\n`],
    ['a comment of somebody else', (text: string) => `${text}# theirs\n`],
    ['another first line', (text: string) => text.replace('#', '##')],
    ['a MAC address twice', (text: string) => `${text}${text.split('\n')[1]}\n`],
    ['no end', (text: string) => text.slice(0, -1)],
    ['nothing', () => ''],
  ])('is not Truename’s with %s', (_what, change) => {
    expect(readOwnFile(change(writeOwnFile([one]) as string))).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void readOwnFile(text)));
  });
});
