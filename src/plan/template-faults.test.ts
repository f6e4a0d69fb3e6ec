import { describe, expect, it } from 'vitest';
import type { Address } from '../domain/address.ts';
import type { GuestConfiguration } from '../domain/guest.ts';
import type { Mac } from '../domain/mac.ts';
import type { TemplateLeftovers } from '../domain/template-leftovers.ts';
import { configurationFaults, insideFaults, type TemplateInside } from './template-faults.ts';

const nic = { slot: 'net0', mac: 'bc:24:11:00:00:01' as Mac, ipv4: 'dhcp' } as const;
const right: GuestConfiguration = {
  ref: { hypervisor: 'pve', node: 'pve1', vmid: 9000 },
  name: 'image',
  template: true,
  nics: [nic],
  agentEnabled: true,
  cloudInit: true,
};
const left: TemplateLeftovers = {
  machineId: '',
  hostKeys: [],
  leases: [],
  namingProfiles: [],
  boundProfiles: [],
  duids: [],
  staticName: '',
};
const inside: TemplateInside = {
  leftovers: left,
  cloudInit: { status: 'done', errors: [], orderedBefore: ['NetworkManager.service'] },
  client: 'network-manager',
};
const { ipv4: _, ...untold } = nic;

describe('the configuration of a template', () => {
  it('has no fault where it has none', () => {
    expect(configurationFaults(right)).toEqual([]);
  });

  it.each<[string, Partial<GuestConfiguration>]>([
    ['no-agent', { agentEnabled: false }],
    ['no-seed-drive', { cloudInit: false }],
    ['fixed-address', { nics: [{ ...nic, ipv4: { fixed: '10.2.10.9' as Address } }] }],
    ['seed-without-network', { nics: [untold] }],
    ['custom-user-data', { customSeed: { user: 'local:snippets/user.yaml' } }],
  ])('has exactly the fault %s', (id, changes) => {
    expect(configurationFaults({ ...right, ...changes }).map((each) => each.id)).toEqual([id]);
  });
});

describe('the disk of a template', () => {
  it('has no fault where it has none', () => {
    expect(insideFaults(inside)).toEqual([]);
  });

  it.each<[string, Partial<TemplateLeftovers>]>([
    ['machine-id-baked', { machineId: 'abc' }],
    ['host-keys-baked', { hostKeys: ['/etc/ssh/ssh_host_rsa_key'] }],
    ['dhcp-leases-left', { leases: ['/var/lib/dhcp/dhclient.leases'] }],
    ['profile-names-host', { namingProfiles: ['/etc/NetworkManager/system-connections/a'] }],
    ['profile-bound-to-mac', { boundProfiles: ['/etc/NetworkManager/system-connections/a'] }],
    ['duid-baked', { duids: ['/var/lib/dhcpcd/duid'] }],
    ['static-name-baked', { staticName: 'image' }],
  ])('has exactly the fault %s', (id, changes) => {
    const found = insideFaults({ ...inside, leftovers: { ...left, ...changes } });
    expect(found.map((each) => each.id)).toEqual([id]);
  });

  it('has the fault client-before-name where cloud-init is not ordered before the client in use', () => {
    const found = insideFaults({
      ...inside,
      cloudInit: { ...inside.cloudInit, orderedBefore: ['dhcpcd.service'] },
    });
    expect(found.map((each) => each.id)).toEqual(['client-before-name']);
  });

  it('says nothing of an order that could not be seen, and of localhost', () => {
    const { orderedBefore: _order, ...cloudInit } = inside.cloudInit;
    expect(insideFaults({ ...inside, cloudInit, leftovers: { ...left, staticName: 'localhost' } })).toEqual(
      [],
    );
  });
});
