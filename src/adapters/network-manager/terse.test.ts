import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDhcpOptions, unescapeTerse } from './terse.ts';

describe('unescapeTerse', () => {
  it('undoes what nmcli -t does', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = text.replace(/[:\\]/g, String.raw`\$&`);

        expect(unescapeTerse(escaped)).toBe(text);
      }),
    );
  });
});

describe('readDhcpOptions', () => {
  it('goes by the key, however the options are numbered', () => {
    const text = 'DHCP4.OPTION[3]:expiry = 1767272400\nDHCP4.OPTION[11]:host_name = alpha\n';

    expect([...readDhcpOptions(text)]).toEqual([
      ['expiry', '1767272400'],
      ['host_name', 'alpha'],
    ]);
  });

  it('undoes the escapes, and keeps a value that looks like an option', () => {
    const text =
      String.raw`DHCP4.OPTION[1]:dhcp_client_identifier = 01\:bc\:24` +
      '\nDHCP4.OPTION[2]:domain_name = a = b\n';

    expect([...readDhcpOptions(text)]).toEqual([
      ['dhcp_client_identifier', '01:bc:24'],
      ['domain_name', 'a = b'],
    ]);
  });

  it.each(['', 'Error: Device not found.', 'DHCP6.OPTION[1]:expiry = 5', 'DHCP4.OPTION[x]:expiry = 5'])(
    'finds none in %j',
    (text) => {
      expect(readDhcpOptions(text).size).toBe(0);
    },
  );
});
