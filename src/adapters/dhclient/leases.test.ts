import { describe, expect, it } from 'vitest';
import { clientIdFromDuid, readLastLease } from './leases.ts';

function lease(lines: string, device = 'eth0') {
  return `lease {\n  interface "${device}";\n  fixed-address 10.2.10.155;\n${lines}\n}\n`;
}

describe('the last lease of dhclient', () => {
  it('is the last whole block of the interface', () => {
    const text = `default-duid "\\000\\001";\n${lease('option host-name "old";')}${lease(
      'option host-name "alpha";\n  expire 4 2026/01/01 13:00:00;\n  option dhcp-client-identifier 1:aa:B;',
    )}${lease('option host-name "other";', 'eth1')}lease {\n  interface "eth0";\n  option host-name "half`;

    expect(readLastLease(text, 'eth0')).toEqual({
      address: '10.2.10.155',
      hostName: 'alpha',
      expiresAt: '2026-01-01T13:00:00.000Z',
      clientId: '01:aa:0b',
    });
  });

  it('is found in a text whose beginning was cut off, in the midst of a string', () => {
    expect(readLastLease(`-name "x";\n}\n${lease('option host-name "alpha";')}`, 'eth0')?.hostName).toBe(
      'alpha',
    );
    expect(readLastLease(`x";\n}\n${lease('option host-name "alpha";')}`, 'eth0')?.hostName).toBe('alpha');
  });

  it.each([
    ['expire epoch 1767272400; # Thu Jan 01 13:00:00 2026', '2026-01-01T13:00:00.000Z'],
    ['expire never;', undefined],
    ['expire 4 2026/13/41 13:00:00;', undefined],
    ['expire epoch 99999999999999999999;', undefined],
    ['', undefined],
  ])('ends as %j says', (line, expected) => {
    expect(readLastLease(lease(line), 'eth0')?.expiresAt).toBe(expected);
  });

  it('has an identifier that is written as a string', () => {
    expect(readLastLease(lease('option dhcp-client-identifier "ab";'), 'eth0')?.clientId).toBe('61:62');
  });

  it('is none without one of the interface', () => {
    expect(readLastLease(lease('', 'eth1'), 'eth0')).toBeUndefined();
    expect(readLastLease('', 'eth0')).toBeUndefined();
  });
});

describe('the client identifier of dhclient -i', () => {
  const line = 'default-duid "\\000\\001\\000\\0012\\226A\\353\\274$\\021O\\226\\263";';

  it('is made of IAID and DUID', () => {
    expect(clientIdFromDuid(line, 'bc:24:11:4f:96:b3\n')).toBe(
      'ff:11:4f:96:b3:00:01:00:01:32:96:41:eb:bc:24:11:4f:96:b3',
    );
  });

  it.each([
    ['', 'bc:24:11:4f:96:b3'],
    ['default-duid "";', 'bc:24:11:4f:96:b3'],
    [line, '80:00:02:08:fe:80:00:00'],
  ])('is unknown from %j and %j', (duid, mac) => {
    expect(clientIdFromDuid(duid, mac)).toBeUndefined();
  });
});
