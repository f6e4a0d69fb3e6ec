import { describe, expect, it } from 'vitest';
import { leaseLine, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';

const dnsmasq = 'dhcp-host=alpha,10.2.10.77\n';

describe('ip-drift', () => {
  it('finds a reservation by name alone with another address', async () => {
    const findings = await rawFindings({ dnsmasq });

    expect(findings).toMatchObject([
      {
        rule: 'ip-drift',
        severity: 'risk',
        link: 'reservation',
        summary:
          'dnsmasq has a reservation in /etc/dnsmasq.conf that gives alpha the address 10.2.10.77 and names no MAC address, while the lease is 10.2.10.5, so that its address may change when it asks anew.',
        evidence: [
          { what: 'fixed entry for 10.2.10.77', value: 'alpha', source: 'reservations of dnsmasq' },
          { what: 'address of the lease', value: '10.2.10.5' },
        ],
      },
    ]);
    expect(findings[0]?.remedies[0]?.how).toContain('`dhcp-host=bc:24:11:00:00:01,10.2.10.77,alpha`');
  });

  it('finds a host entry that was seen beside another fault', async () => {
    const changes = {
      dns: { 'PTR 10.2.10.5': ['gone.mgmt.internal'] },
      hosts: '10.2.10.77 alpha.mgmt.internal\n',
    };

    expect(await rulesThatFire(changes)).toEqual(['ip-drift', 'stale-dns-record']);
  });

  it('leaves an entry that a resolver answers with to its neighbour', async () => {
    const dns = { 'A alpha.mgmt.internal': ['10.2.10.77'] };

    expect(await rulesThatFire({ dnsmasq, dns })).toEqual(['static-entry-shadows-lease']);
  });

  it.each([
    ['an entry with the address of the lease', { dnsmasq: 'dhcp-host=alpha,10.2.10.5\n' }],
    ['one with its MAC address', { dnsmasq: 'dhcp-host=bc:24:11:00:00:01,alpha,10.2.10.77\n' }],
    ['one for another name', { dnsmasq: 'dhcp-host=beta,10.2.10.77\n' }],
    ['reservations that cannot be read', { dnsmasq: refusal('timeout') }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });

  it('is silent where the lease cannot be read, or bears another name', async () => {
    expect(await rulesThatFire({ dnsmasq, leases: refusal('timeout') })).toEqual([]);
    expect(await rulesThatFire({ dnsmasq, leases: leaseLine('tappaas-nixos') })).toEqual([
      'lease-name-is-template',
    ]);
  });
});
