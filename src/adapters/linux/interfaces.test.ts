import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { interfacesProbe } from './interfaces.ts';

const forever = String.raw`\       valid_lft forever preferred_lft forever`;
const leased = String.raw`5: br0    inet 10.2.10.5/24 brd 10.2.10.255 scope global dynamic noprefixroute br0\       valid_lft 3594sec preferred_lft 3594sec`;

function addresses(v4: string) {
  return interfacesProbe.parse(rawValues({ '1.device': 'br0', '1.v4': v4 }))[0]?.addresses;
}

describe('the interfaces of a machine', () => {
  it('are the NIC and what stands above it', () => {
    const values = rawValues({
      '1.device': 'ens18',
      '1.mac': 'bc:24:11:00:00:01\n',
      '1.above': ' br0 ens18.20',
      '1.v4': '',
      '1.v6': '',
      '2.device': 'br0',
      '2.mac': 'bc:24:11:00:00:01\n',
      '2.above': '',
      '2.v4': leased,
      '2.v6': [
        `5: br0    inet6 fd77::5/64 scope global dynamic mngtmpaddr ${forever}`,
        `5: br0    inet6 2001:db8::1 peer 2001:db8::2/128 scope global ${forever}`,
        `5: br0    inet6 fe80::5054:ff:fe77:52/64 scope link noprefixroute ${forever}`,
      ].join('\n'),
    });

    expect(interfacesProbe.parse(values)).toEqual([
      { device: 'ens18', mac: 'bc:24:11:00:00:01', above: ['br0', 'ens18.20'], addresses: [], ipv6: [] },
      {
        device: 'br0',
        mac: 'bc:24:11:00:00:01',
        above: [],
        addresses: [{ address: '10.2.10.5', dynamic: true }],
        ipv6: ['fd77::5', '2001:db8::1'],
      },
    ]);
  });

  it.each([
    ['a fixed one', `5: br0    inet 10.2.10.6/24 scope global br0${forever}`],
    ['one with a peer', `5: br0    inet 10.2.10.6 peer 10.2.10.7/32 scope global br0${forever}`],
    ['one labelled so', `5: br0    inet 10.2.10.6/24 scope global br0:dynamic${forever}`],
    ['one of a device called so', `5: dynamic    inet 10.2.10.6/24 scope global dynamic${forever}`],
    ['one of a device called after a word', `5: inet    inet 10.2.10.6/24 scope global inet${forever}`],
  ])('take no address for one by DHCP that is %s', (_what, line) => {
    expect(addresses(`${line}\n${leased}`)).toEqual([
      { address: '10.2.10.6', dynamic: false },
      { address: '10.2.10.5', dynamic: true },
    ]);
  });

  it('bear no MAC address where the kernel shows none, as a tunnel', () => {
    expect(interfacesProbe.parse(rawValues({ '1.device': 'wg0', '1.mac': '' }))).toEqual([
      { device: 'wg0', above: [], addresses: [], ipv6: [] },
    ]);
  });

  it('have no address where the text is another, and never fail', () => {
    expect(addresses('5: br0    inet 10.2.10.999/24 scope global br0')).toEqual([]);
    expect(addresses('inet')).toEqual([]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => addresses(text)).not.toThrow();
      }),
    );
  });
});
