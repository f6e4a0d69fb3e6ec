import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DhcpHost, parseDhcpHost } from './dhcp-host.ts';

const mac = 'bc:24:11:00:00:01';
const alpha = [{ mac, name: 'alpha' }];

const macs = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':'));
// Words that mean a lease time or a keyword are no names to dnsmasq.
const names = fc
  .stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/)
  .filter((name) => !/^\d+[wdhms]?$|^infinite$|^ignore$/.test(name));

describe('parseDhcpHost', () => {
  it.each<[string, string, DhcpHost[]]>([
    ['a MAC address and a name', `${mac},alpha`, alpha],
    ['in any order, with blanks', ` alpha , ${mac} `, alpha],
    ['upper case', 'BC:24:11:00:00:01,alpha', alpha],
    ['bytes of one digit', 'bc:24:11:0:0:1,alpha', alpha],
    ['an ARP type for Ethernet', `01-${mac},alpha`, alpha],
    ['hyphens behind a type', '01-bc-24-11:00:00:01,alpha', alpha],
    [
      'what OPNsense renders',
      `${mac},set:9a1,10.2.10.9,alpha,86400`,
      [{ ...alpha[0], address: '10.2.10.9' }],
    ],
    ['tags, old and new', `net:a,set:b,tag:c,${mac},alpha`, alpha],
    ['IPv6 addresses', `${mac},[::56],[fd00::/64],alpha`, alpha],
    ['a lease time', `${mac},alpha,12h`, alpha],
    ['a lease without end', `${mac},infinite,alpha`, alpha],
    ['a name with its domain', `${mac},alpha.srv.internal`, alpha],
    ['an address alone', `${mac},10.2.10.9`, [{ mac, address: '10.2.10.9' }]],
    ['a MAC address alone', mac, [{ mac }]],
    [
      'several MAC addresses',
      `${mac},bc:24:11:00:00:02,alpha`,
      [alpha[0] as DhcpHost, { mac: 'bc:24:11:00:00:02', name: 'alpha' } as DhcpHost],
    ],
    ['a client id', 'id:FF:0:1,alpha', [{ clientId: 'ff:00:01', name: 'alpha' }]],
    ['a client id as text', 'ID:ab,alpha', [{ clientId: '61:62', name: 'alpha' }]],
    ['any client id', `id:*,${mac},alpha`, alpha],
    ['both', `id:01:02,${mac},alpha`, [{ ...alpha[0], clientId: '01:02' }]],
    ['a name alone', 'alpha,10.2.10.9', [{ name: 'alpha', address: '10.2.10.9' }]],
    ['an ignored client', `${mac},alpha,ignore`, [{ mac }]],
    [
      'a MAC address without colons, which is a name',
      'bc2411000001,10.2.10.9,alpha',
      [{ name: 'alpha', address: '10.2.10.9' } as DhcpHost],
    ],
    ['a MAC address with hyphens, which is a name', 'bc-24-11-00-00-01', [{ name: 'bc-24-11-00-00-01' }]],
    ['a name that ends like a unit', `${mac},beds`, [{ mac, name: 'beds' }]],
  ] as [string, string, DhcpHost[]][])('reads %s', (_what, value, expected) => {
    expect(parseDhcpHost(value)).toEqual(expected);
  });

  it.each([
    ['a wildcard', 'bc:24:11:*:*:*,alpha'],
    ['Token Ring', `06-${mac},alpha`],
    ['InfiniBand', `${Array(20).fill('00').join(':')},alpha`],
    ['a name that is none', `${mac},-alpha`],
    ['a name with a blank', `${mac},al pha`],
    ['a MAC address that is none', 'bc:24:11:00:00:zz,alpha'],
    ['a client id that is none', 'id:01:zz,alpha'],
    ['a lease time alone', '12h'],
    ['nothing', ''],
  ])('reserves nothing for %s', (_what, value) => {
    expect(parseDhcpHost(value)).toEqual([]);
  });

  it('reads what it is given for each of several MAC addresses', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(macs, { minLength: 1, maxLength: 4 }),
        names,
        fc.ipV4(),
        (all, name, address) => {
          expect(parseDhcpHost([...all, 'set:x', address, name].join(','))).toEqual(
            all.map((each) => ({ mac: each, name, address })),
          );
        },
      ),
    );
  });

  it('never throws, and gives no name that is no label', () => {
    const words = fc.constantFrom(
      'id:',
      ':',
      '[',
      ']',
      '*',
      ',',
      'ignore',
      '-',
      mac,
      '"',
      '.',
      ' ',
      'alpha',
      '\ue03a',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words).map((each) => each.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const { name } of parseDhcpHost(text)) {
          if (name !== undefined) expect(name).toMatch(/^[a-z0-9][a-z0-9_-]*$/i);
        }
      }),
    );
  });
});
