import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../domain/address.ts';
import type { GuestSettings } from '../../domain/guest-maker.ts';
import { type Mac, parseMac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import { parseNic } from './nic.ts';
import { parsePropertyString } from './property-string.ts';
import { parametersOf } from './settings.ts';

const mac = 'bc:24:11:5e:00:01' as Mac;
const line = 'e1000=BC:24:11:00:90:00,bridge=lan,firewall=1,queues=2,tag=210';

describe('parametersOf', () => {
  it('repeats all of a network interface but what is changed', () => {
    const net = (nic: object) => parametersOf({ net0: line }, { nics: [{ slot: 'net0', mac, ...nic }] }).net0;

    expect(net({})).toBe('e1000=BC:24:11:5E:00:01,bridge=lan,firewall=1,queues=2,tag=210');
    expect(net({ bridge: 'srv', vlan: 7 })).toBe(
      'e1000=BC:24:11:5E:00:01,bridge=srv,firewall=1,queues=2,tag=7',
    );
    expect(net({ vlan: 'none' })).toBe('e1000=BC:24:11:5E:00:01,bridge=lan,firewall=1,queues=2');
  });

  it('reads a line that a person wrote, and one without a MAC address', () => {
    const net = (text: string) => parametersOf({ net0: text }, { nics: [{ slot: 'net0', mac }] }).net0;

    expect(net('model=vmxnet3,macaddr=BC:24:11:00:90:00,bridge=lan')).toBe(
      'vmxnet3=BC:24:11:5E:00:01,bridge=lan',
    );
    expect(net('virtio,bridge=lan')).toBe('virtio=BC:24:11:5E:00:01,bridge=lan');
    expect(net('macaddr=BC:24:11:00:90:00,bridge=lan')).toBe('virtio=BC:24:11:5E:00:01,bridge=lan');
  });

  it('adds an interface that is not there, on its bridge', () => {
    const nics = [{ slot: 'net1', mac, bridge: 'srv' }];

    expect(parametersOf({ net0: line }, { nics })).toEqual({ net1: 'virtio=BC:24:11:5E:00:01,bridge=srv' });
    expect(() => parametersOf({}, { nics: [{ slot: 'net1', mac }] })).toThrow('no bridge');
  });

  it('says how IPv4 is come by, and leaves IPv6', () => {
    const address = '10.2.20.5' as Address;
    const gateway = '10.2.20.1' as Address;
    const lines = { net0: line, ipconfig0: 'gw=10.0.0.1,ip=10.0.0.5/24,ip6=auto' };
    const told = (ipv4: NonNullable<GuestSettings['nics']>[number]['ipv4']) =>
      parametersOf(lines, { nics: [{ slot: 'net0', mac, ...(ipv4 === undefined ? {} : { ipv4 }) }] })
        .ipconfig0;

    expect(told('dhcp')).toBe('ip=dhcp,ip6=auto');
    expect(told({ fixed: address, prefix: 24, gateway })).toBe('ip=10.2.20.5/24,ip6=auto,gw=10.2.20.1');
    expect(told(undefined)).toBeUndefined();
  });

  it('sends what is said and nothing else', () => {
    const settings: GuestSettings = {
      name: 'alpha' as Hostname,
      searchDomain: 'srv.internal',
      nameServers: ['10.2.20.1', '10.2.20.2'] as Address[],
      customSeed: { meta: 'local:snippets/alpha.yaml' },
      description: 'two\nlines',
      tags: ['b', 'a'],
      cores: 4,
      memoryMiB: 4096,
    };

    expect(parametersOf({}, settings)).toEqual({
      name: 'alpha',
      searchdomain: 'srv.internal',
      nameserver: '10.2.20.1 10.2.20.2',
      cicustom: 'meta=local:snippets/alpha.yaml',
      description: 'two\nlines',
      tags: 'b;a',
      cores: 4,
      memory: 4096,
    });
    expect(parametersOf({}, {})).toEqual({});
    expect(parametersOf({ cicustom: 'meta=local:snippets/x' }, { customSeed: {} })).toEqual({
      delete: 'cicustom',
    });
    expect(parametersOf({}, { customSeed: {} })).toEqual({});
  });

  it.each([
    { nics: [{ slot: 'net0', mac, bridge: 'lan,firewall=0' }] },
    { nics: [{ slot: 'net32', mac, bridge: 'lan' }] },
    { nics: [{ slot: 'delete', mac, bridge: 'lan' }] },
    { tags: ['a;b'] },
    { customSeed: { meta: 'local:snippets/x,user=local:snippets/y' } },
  ])('refuses what would say more than it should: %j', (settings) => {
    expect(() => parametersOf({ net0: line }, settings)).toThrow('no line of a configuration');
  });

  it('keeps every key of any line', () => {
    const key = fc.constantFrom('bridge', 'firewall', 'link_down', 'mtu', 'queues', 'rate', 'tag', 'trunks');
    const parts = fc.uniqueArray(fc.tuple(key, fc.integer({ min: 1, max: 4094 })), {
      selector: ([name]) => name,
    });
    const model = fc.constantFrom('virtio', 'e1000', 'e1000-82545em', 'vmxnet3', 'rtl8139');
    fc.assert(
      fc.property(model, parts, (kind, list) => {
        const rest = list.map(([name, value]) => `${name}=${value}`);
        const given = [`${kind}=BC:24:11:00:00:01`, ...rest].join(',');

        const made = String(parametersOf({ net3: given }, { nics: [{ slot: 'net3', mac }] }).net3);

        const read = parsePropertyString(made, 'model');
        expect(parseNic('net3', made)?.mac).toBe(mac);
        expect(parseMac(read?.get(kind) ?? '')).toBe(mac);
        expect([...(read ?? [])].slice(1)).toEqual(list.map(([name, value]) => [name, String(value)]));
      }),
    );
  });
});
