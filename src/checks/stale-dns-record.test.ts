import { describe, expect, it } from 'vitest';
import { leaseLine, living, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';

const old = { 'A alpha.mgmt.internal': ['10.2.10.5', '10.2.10.77'] };
const other = 'bc:24:11:00:00:02';
const lease = (name: string, address = '10.2.10.77') => `${living} ${other} ${address} ${name} *\n`;

describe('stale-dns-record', () => {
  it('finds an address beside the machine’s own that no lease has', async () => {
    const findings = await rawFindings({ dns: old });

    expect(findings).toMatchObject([
      {
        rule: 'stale-dns-record',
        severity: 'fault',
        link: 'forward',
        summary:
          'unbound answers alpha.mgmt.internal with 10.2.10.77, which no living lease of the name has.',
        evidence: [
          { what: 'address of the lease', value: '10.2.10.5' },
          { what: 'alpha.mgmt.internal at unbound', value: '10.2.10.5, 10.2.10.77' },
          { what: 'living leases of those addresses', value: 'none', source: 'leases of dnsmasq' },
        ],
        remedies: [{ kind: 'remove-record', target: 'unbound' }],
      },
    ]);
    expect(findings[0]?.remedies[0]?.how).toContain('`unbound-control flush alpha.mgmt.internal`');
  });

  it('says who has that address now', async () => {
    const [finding] = await rawFindings({ dns: old, leases: leaseLine('alpha') + lease('beta') });

    expect(finding?.summary).toContain(`(10.2.10.77 is leased by ${other} as "beta")`);
  });

  it('finds a name of its address that neither it nor its lease bears', async () => {
    const findings = await rawFindings({ dns: { 'PTR 10.2.10.5': ['gone.mgmt.internal'] } });

    expect(findings).toMatchObject([
      {
        rule: 'stale-dns-record',
        link: 'reverse',
        summary: 'unbound calls 10.2.10.5 gone.mgmt.internal, which its lease does not.',
      },
    ]);
    expect(findings[0]?.remedies[0]?.how).toContain('5.10.2.10.in-addr.arpa');
  });

  it('leaves a record that an entry of the server gives to its neighbour', async () => {
    expect(await rulesThatFire({ dns: old, hosts: '10.2.10.77 alpha.mgmt.internal\n' })).toEqual([
      'static-entry-shadows-lease',
    ]);
  });

  it('leaves a lease of another machine with the name to its neighbour', async () => {
    const dns = { 'A alpha.mgmt.internal': ['10.2.10.77'], 'PTR 10.2.10.5': [] };

    expect(await rulesThatFire({ leases: leaseLine('*') + lease('alpha'), dns })).toEqual([
      'name-held-by-other',
    ]);
  });

  it.each([
    [
      'the address of another of its interfaces',
      {
        configuration: { net1: `virtio=${other},bridge=dmz,tag=9` },
        leases: leaseLine('alpha') + lease('alpha'),
        dns: old,
      },
    ],
    [
      'the name that the lease still bears',
      { leases: leaseLine('tappaas-nixos'), dns: { 'PTR 10.2.10.5': ['tappaas-nixos.mgmt.internal'] } },
    ],
    [
      'its own name among several',
      { dns: { 'PTR 10.2.10.5': ['alpha.mgmt.internal', 'www.mgmt.internal'] } },
    ],
    ['leases that cannot be read', { leases: refusal('timeout'), dns: old }],
    ['a resolver that does not answer', { dns: { 'A alpha.mgmt.internal': refusal('timeout') } }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).not.toContain('stale-dns-record');
  });

  it('goes by the address that a guest without DHCP has itself', async () => {
    const fixed = { configuration: { ipconfig0: 'ip=10.2.10.5/24' }, client: {}, leases: '' };
    const permanent = {
      'if.1.v4':
        '2: ens18    inet 10.2.10.5/24 brd 10.2.10.255 scope global ens18 valid_lft forever preferred_lft forever',
    };

    expect(await rulesThatFire({ ...fixed, guest: permanent })).toEqual([]);
    expect(await rulesThatFire({ ...fixed, guest: permanent, dns: old })).toEqual(['stale-dns-record']);
  });
});
