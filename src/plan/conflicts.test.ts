import { describe, expect, it } from 'vitest';
import {
  type EvidenceChanges,
  evidence,
  leasesSeen,
  otherLease,
  secondAddress,
  secondMac,
  secondNic,
  summary,
} from '../../test/support/fix-subject.ts';
import { address, at, blind, type fullName, mac } from '../../test/support/sample-snapshot.ts';
import type { Address } from '../domain/address.ts';
import type { Hostname } from '../domain/name.ts';
import { observed } from '../domain/observation.ts';
import { whyNotAdopt, whyNotThisName } from './conflicts.ts';
import type { Roles } from './spare.ts';

const where = { source: 'test', at };
const other = '10.2.10.9' as Address;
const roles: Roles = {
  own: { macs: [] },
  hosts: [{ role: 'DHCP server', id: 'dnsmasq', hosts: ['firewall', 'gw.mgmt.internal', '10.2.10.1'] }],
};
const ref = { hypervisor: 'pve', node: 'pve2', vmid: 777 };
const nic = { slot: 'net0', mac, bridge: 'lan' } as const;
const answers = (...records: Address[]) => ({ forward: { status: 'answered' as const, records } });
const twoNics = [{ nic }, { nic: secondNic }];

function why(changes: EvidenceChanges, takeName = false): string | undefined {
  return whyNotThisName(evidence(changes), roles, { takeName, templates: [] });
}

describe('whyNotThisName', () => {
  it('has nothing against a name that is the machine’s own', () => {
    expect(why({})).toBeUndefined();
  });

  it.each<[string, EvidenceChanges, string]>([
    ['is no host name', { wanted: 'al_pha' }, '"al_pha" is no host name'],
    ['is none at all', { wanted: '' }, '"" is no host name'],
    ['is reserved', { wanted: 'wpad' }, '"wpad" has a meaning of its own, and is never given to a guest'],
    [
      'is reserved, in other letters',
      { wanted: 'LocalHost' },
      '"LocalHost" has a meaning of its own, and is never given to a guest',
    ],
    [
      'is that of another guest',
      { neighbours: { namesakes: [{ ref, name: 'ALPHA.lan' }] } },
      'guest 777 on pve2 has the same host name',
    ],
    ['is a template’s', { neighbours: { templates: ['Alpha.lan'] } }, '"alpha" is the name of a template'],
    ['is a server’s', { wanted: 'FireWall' }, '"FireWall" is the name of the DHCP server dnsmasq'],
    [
      'is a server’s by its full name',
      { wanted: 'gw', fqdn: 'gw.mgmt.internal' as typeof fullName },
      '"gw" is the name of the DHCP server dnsmasq',
    ],
  ])('refuses a name that %s, also where it was told to take it', (_what, changes, because) => {
    expect([why(changes), why(changes, true)]).toEqual([because, because]);
  });

  it.each<[string, EvidenceChanges, string]>([
    [
      'the living lease of another MAC address',
      { neighbours: { leases: leasesSeen(otherLease({ name: 'ALPHA' })) } },
      'the lease of 10.2.10.9 (bc:24:11:00:00:09) bears the name already',
    ],
    [
      'a resolver with another address',
      { snapshot: answers(other) },
      'unbound answers alpha.mgmt.internal with 10.2.10.9 already',
    ],
    [
      'a resolver with its own address and another one',
      { snapshot: answers(address, other) },
      'unbound answers alpha.mgmt.internal with 10.2.10.9 already',
    ],
    [
      'a resolver, while it has no lease',
      { snapshot: { lease: { seen: 'empty', ...where }, ...answers(other) } },
      'unbound answers alpha.mgmt.internal with 10.2.10.9 already',
    ],
  ])('leaves a name to %s, unless it was told to take it', (_what, changes, because) => {
    expect([why(changes), why(changes, true)]).toEqual([because, undefined]);
  });

  it.each<[string, EvidenceChanges]>([
    [
      'bears the name in the lease of its other NIC',
      {
        neighbours: {
          nics: twoNics,
          leases: leasesSeen(otherLease({ mac: secondMac, address: secondAddress })),
        },
        snapshot: answers(address, secondAddress),
      },
    ],
    [
      'has a fixed address on its other NIC',
      {
        neighbours: { nics: [{ nic }, { nic: { ...secondNic, ipv4: { fixed: secondAddress } } }] },
        snapshot: answers(address, secondAddress),
      },
    ],
    [
      'has an address reserved that it does not hold yet',
      {
        reservation: observed({ mac, address: other, file: '/etc/dnsmasq.conf' }, where),
        snapshot: { lease: { seen: 'empty', ...where }, ...answers(other) },
      },
    ],
    [
      'is like another lease in its client identifier alone',
      { neighbours: { leases: leasesSeen(otherLease({ name: 'beta' })) } },
    ],
    ['resolves to nothing', { snapshot: { forward: { status: 'none' } } }],
    ['cannot be resolved at all', { snapshot: { forward: blind() } }],
  ])('takes no machine for somebody else that %s', (_what, changes) => {
    expect(why(changes)).toBeUndefined();
  });

  it('says nothing of whose an answer is where nobody could read the leases', () => {
    expect(why({ snapshot: { lease: blind() }, neighbours: { leases: blind() } })).toBeUndefined();
  });
});

describe('whyNotAdopt', () => {
  const inventory = [
    summary(),
    summary({ name: 'Beta.lan', ref }),
    summary({ name: 'debian-13', template: true, ref: { ...ref, vmid: 9000 } }),
  ];

  it.each([
    ['web7', undefined],
    ['alpha', undefined],
    ['wpad', 'meaning'],
    ['beta', '777'],
    ['debian-13', '9000'],
    ['gw', 'DHCP server dnsmasq'],
    ['10', undefined],
    ['firewall', 'DHCP server dnsmasq'],
  ])('judges %s as the name of a guest at its hypervisor', (name, part) => {
    const because = whyNotAdopt(name as Hostname, summary(), inventory, roles);

    if (part === undefined) expect(because).toBeUndefined();
    else expect(because).toContain(part);
  });
});
