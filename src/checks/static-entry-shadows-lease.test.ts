import { describe, expect, it } from 'vitest';
import { leaseLine, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { networkdTexts } from '../../test/support/raw-guest.ts';

const dns = { 'A alpha.mgmt.internal': ['10.2.10.77'] };
const renamed = { 'PTR 10.2.10.5': ['gone.mgmt.internal'] };

describe('static-entry-shadows-lease', () => {
  it('finds a host entry for the name with another address', async () => {
    const findings = await rawFindings({
      dns,
      hosts: '# old\n10.2.10.77\talpha.mgmt.internal alpha # once\n',
    });

    expect(findings).toMatchObject([
      {
        rule: 'static-entry-shadows-lease',
        severity: 'fault',
        link: 'reservation',
        summary:
          'dnsmasq has a host entry in /var/etc/dnsmasq-hosts that says alpha.mgmt.internal alpha is 10.2.10.77, so unbound answers alpha.mgmt.internal with 10.2.10.77; the lease is 10.2.10.5 with "alpha".',
        evidence: [
          {
            what: 'fixed entry for 10.2.10.77',
            value: 'alpha.mgmt.internal alpha',
            source: 'host entries of dnsmasq',
          },
          { what: 'name in the lease of 10.2.10.5', value: 'alpha' },
          { what: 'alpha.mgmt.internal at unbound', value: '10.2.10.77' },
        ],
      },
    ]);
    expect(findings[0]?.remedies).toMatchObject([
      { kind: 'edit-entry', target: 'dnsmasq', reach: 'segment' },
    ]);
  });

  it.each([
    ['an address of a whole domain', { dnsmasq: 'address=/mgmt.internal/10.2.10.77\n' }, '/etc/dnsmasq.conf'],
    ['a host record', { dnsmasq: 'host-record=alpha.mgmt.internal,10.2.10.77,60\n' }, '/etc/dnsmasq.conf'],
    [
      'a reservation for another MAC address',
      { dnsmasq: 'dhcp-host=bc:24:11:00:00:02,alpha,10.2.10.77\n' },
      'the reservation of bc:24:11:00:00:02',
    ],
  ])('finds %s', async (_what, changes, where) => {
    const findings = await rawFindings({ dns, ...changes });

    const finding = findings.find(({ rule }) => rule === 'static-entry-shadows-lease');
    expect(finding?.summary).toContain(where);
  });

  it('finds that the guest’s own reservation names an address to which it has not moved yet', async () => {
    const dnsmasq = 'dhcp-host=bc:24:11:00:00:01,10.2.10.77,alpha\n';

    const [finding] = await rawFindings({ dns, dnsmasq });

    expect(finding?.rule).toBe('static-entry-shadows-lease');
    expect(finding?.remedies.map(({ kind }) => kind)).toEqual([
      'edit-reservation',
      'force-renewal',
      'activate-connection',
    ]);
  });

  it('finds a host entry for the address with another name', async () => {
    const findings = await rawFindings({ dns: renamed, hosts: '10.2.10.5 gone.mgmt.internal gone\n' });

    expect(findings).toMatchObject([
      {
        rule: 'static-entry-shadows-lease',
        summary: expect.stringContaining('unbound answers 10.2.10.5 with gone.mgmt.internal'),
      },
    ]);
  });

  it('finds one that gives the lease its name, which the client has not sent', async () => {
    const changes = {
      leases: leaseLine('gone'),
      dns: { ...renamed, 'A alpha.mgmt.internal': [] },
      hosts: '10.2.10.5 gone.mgmt.internal gone\n',
    };

    const findings = await rawFindings(changes);

    expect(findings).toMatchObject([
      {
        rule: 'static-entry-shadows-lease',
        summary: expect.stringContaining('the lease of that address bears "gone", whatever the guest sends'),
      },
    ]);
    expect(await rulesThatFire({ ...changes, client: networkdTexts({ acknowledged: 'gone' }) })).toEqual([
      'static-entry-shadows-lease',
    ]);
  });

  it('leaves an entry that no resolver answers with to its neighbour', async () => {
    const dnsmasq = 'dhcp-host=alpha,10.2.10.77\n';

    expect(await rulesThatFire({ dnsmasq })).toEqual(['ip-drift']);
  });

  it('leaves an answer that no entry gives to its neighbour', async () => {
    expect(await rulesThatFire({ dns, hosts: '10.2.10.78 alpha.mgmt.internal\n' })).toContain(
      'stale-dns-record',
    );
    expect(await rulesThatFire({ dns, hosts: '10.2.10.77 other.mgmt.internal\n' })).toEqual([
      'stale-dns-record',
    ]);
  });

  it.each([
    ['host entries', { dns, hosts: refusal('not-found') }],
    ['the lease', { dns, leases: refusal('timeout'), hosts: '10.2.10.77 alpha.mgmt.internal\n' }],
    [
      'the resolver',
      {
        dns: { 'A alpha.mgmt.internal': refusal('timeout'), 'PTR 10.2.10.5': refusal('timeout') },
        hosts: '10.2.10.77 alpha.mgmt.internal\n',
      },
    ],
  ])('is silent where nobody can read %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).not.toContain('static-entry-shadows-lease');
  });
});
