import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNic } from './nic.ts';

const mac = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
  .map((bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':'));
const model = fc.constantFrom('virtio', 'e1000', 'e1000-82540em', 'rtl8139', 'vmxnet3', 'ne2k_pci');
const bridge = fc.stringMatching(/^[a-z][-_.a-z0-9]{0,14}$/);
const vlan = fc.integer({ min: 1, max: 4094 });
const other = fc.subarray(['firewall=1', 'link_down=0', 'mtu=1', 'queues=4', 'rate=12.5', 'trunks=1;5-9']);

describe('parseNic', () => {
  it('reads the canonical form that Proxmox VE stores', () => {
    const nic = parseNic('net0', 'virtio=BC:24:11:2E:C5:4A,bridge=vmbr0,firewall=1,tag=210,trunks=1;2');

    expect(nic).toEqual({ slot: 'net0', mac: 'bc:24:11:2e:c5:4a', bridge: 'vmbr0', vlan: 210 });
  });

  it('reads MAC address, bridge and VLAN in any order and among any other keys', () => {
    fc.assert(
      fc.property(mac, model, bridge, vlan, other, fc.boolean(), (address, card, name, tag, extra, named) => {
        const first = named ? [`model=${card}`, `macaddr=${address}`] : [`${card}=${address}`];
        const parts = [...first, ...extra, `tag=${tag}`, `bridge=${name}`];
        const turned = [...parts.slice(2), ...parts.slice(0, 2)];

        const nic = parseNic('net3', turned.join(','));

        expect(nic).toEqual({ slot: 'net3', mac: address.toLowerCase(), bridge: name, vlan: tag });
      }),
    );
  });

  it('leaves bridge and VLAN out where there are none', () => {
    expect(parseNic('net1', 'e1000=BC:24:11:00:00:01')).toEqual({ slot: 'net1', mac: 'bc:24:11:00:00:01' });
  });

  it.each([
    ['no MAC address', 'virtio,bridge=vmbr0'],
    ['half a MAC address', 'virtio=BC:24:11,bridge=vmbr0'],
    ['a key twice', 'virtio=BC:24:11:00:00:01,bridge=a,bridge=b'],
    ['VLAN 0', 'virtio=BC:24:11:00:00:01,tag=0'],
    ['VLAN 4095', 'virtio=BC:24:11:00:00:01,tag=4095'],
    ['a VLAN that is no number', 'virtio=BC:24:11:00:00:01,tag=1e3'],
    ['nothing', ''],
  ])('refuses %s', (_what, text) => {
    expect(parseNic('net0', text)).toBeUndefined();
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const nic = parseNic('net0', text);

        expect(nic === undefined || nic.slot === 'net0').toBe(true);
      }),
    );
  });
});
