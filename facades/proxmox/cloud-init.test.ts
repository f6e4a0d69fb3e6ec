import { describe, expect, it } from 'vitest';
import { cloudInitTexts } from './cloud-init.ts';

const values = {
  name: 'myvm',
  searchdomain: 'mgmt.internal',
  nameserver: '10.2.10.1',
  net0: 'virtio=BC:24:11:2E:C5:4A,bridge=vmbr0,tag=210',
  ipconfig0: 'ip=dhcp',
  ciuser: 'tappaas',
  sshkeys: encodeURIComponent('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKey ops\n'),
  ostype: 'l26',
};

const resolver = { search: 'lab.example', nameservers: ['10.0.0.1'] };

describe('cloud-init texts', () => {
  it('equal those that the product makes', () => {
    const { user, network, meta } = cloudInitTexts(300, values, resolver);

    expect(user).toBe(`#cloud-config
hostname: myvm
manage_etc_hosts: true
fqdn: myvm.mgmt.internal
user: tappaas
ssh_authorized_keys:
  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKey ops
chpasswd:
  expire: False
users:
  - default
package_upgrade: true
`);
    expect(network).toBe(`version: 1
config:
    - type: physical
      name: eth0
      mac_address: 'bc:24:11:2e:c5:4a'
      subnets:
      - type: dhcp4
    - type: nameserver
      address:
      - '10.2.10.1'
      search:
      - 'mgmt.internal'
`);
    expect(meta).toBe('instance-id: 6ac1e17a9f1efdf0b85cd8bd7564bde2985ee307\n');
  });

  it('take the search domain of the node for the network, never for the fqdn', () => {
    const { searchdomain: _searchdomain, nameserver: _nameserver, ...bare } = values;
    const { user, network } = cloudInitTexts(300, bare, resolver);
    expect(user).toContain('fqdn: myvm\n');
    expect(network).toContain("      - '10.0.0.1'\n      search:\n      - 'lab.example'\n");
  });

  it('leave a NIC without ipconfig out', () => {
    const { ipconfig0: _ipconfig0, ...bare } = values;
    expect(cloudInitTexts(300, bare, resolver).network).not.toContain('physical');
  });

  it('write static addresses', () => {
    const fixed = { ...values, ipconfig0: 'ip=10.2.10.20/24,gw=10.2.10.1,ip6=auto' };
    expect(cloudInitTexts(300, fixed, resolver).network).toContain(`      subnets:
      - type: static
        address: '10.2.10.20'
        netmask: '255.255.255.0'
        gateway: '10.2.10.1'
      - type: ipv6_slaac
`);
  });

  it('write a configdrive2 without MAC and with DNS under lo', () => {
    const { network, meta } = cloudInitTexts(300, { ...values, citype: 'configdrive2' }, resolver);
    expect(network).toBe(`auto lo
iface lo inet loopback

        dns_nameservers 10.2.10.1
        dns_search mgmt.internal
auto eth0
iface eth0 inet dhcp
`);
    expect(JSON.parse(meta)).toMatchObject({ uuid: 'a0f707253f5277e604af75efae89846a333383f1' });
  });

  it('name a machine without a name after its number', () => {
    const { name: _name, ...nameless } = values;
    expect(cloudInitTexts(300, nameless, resolver).user).toContain('hostname: VM300\n');
  });
});
