import { describe, expect, it } from 'vitest';
import { leaseLine, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';

const leases = leaseLine('beta');
const dnsmasq = 'dhcp-host=bc:24:11:00:00:01,beta\n';

describe('server-overrides-name', () => {
  it('finds a reservation whose name the lease bears', async () => {
    const findings = await rawFindings({ leases, dnsmasq });

    expect(findings).toMatchObject([
      {
        rule: 'server-overrides-name',
        severity: 'fault',
        link: 'reservation',
        summary:
          'dnsmasq reserves the name "beta" for this machine (/etc/dnsmasq.conf), so the lease of 10.2.10.5 bears that, whatever the guest sends.',
        evidence: [
          {
            what: 'reservation of bc:24:11:00:00:01',
            value: 'beta',
            source: 'reservations of dnsmasq',
          },
          { what: 'name in the lease', value: 'beta' },
          { what: 'name that the client would send now', value: 'alpha' },
        ],
      },
    ]);
    expect(findings[0]?.remedies.map(({ kind, target }) => [kind, target])).toEqual([
      ['edit-reservation', 'dnsmasq'],
      ['rename-guest', 'guest 610'],
    ]);
  });

  it('finds one of the client identifier, which counts before that of the MAC address', async () => {
    const both = `dhcp-host=bc:24:11:00:00:01,alpha\ndhcp-host=id:01:bc:24:11:00:00:01,beta\n`;

    const [finding] = await rawFindings({ leases, dnsmasq: both });

    expect(finding?.rule).toBe('server-overrides-name');
    expect(finding?.evidence[0]?.what).toBe('reservation of the client identifier 01:bc:24:11:00:00:01');
  });

  it('is a risk as long as the lease does not bear the name', async () => {
    expect(await rawFindings({ dnsmasq })).toMatchObject([
      { rule: 'server-overrides-name', severity: 'risk', summary: expect.stringContaining('will bear that') },
    ]);
  });

  it('needs nobody to have entered the guest', async () => {
    const away = refusal('unreachable');

    expect(await rulesThatFire({ leases, dnsmasq, inside: away, ssh: away })).toContain(
      'server-overrides-name',
    );
  });

  it('leaves a name that the server got from the client to its neighbour', async () => {
    const template = leaseLine('tappaas-nixos');

    expect(await rulesThatFire({ leases: template })).toEqual(['lease-name-is-template']);
  });

  it.each([
    ['a reservation of the wanted name', { dnsmasq: 'dhcp-host=bc:24:11:00:00:01,ALPHA\n' }],
    ['a reservation of an address alone', { dnsmasq: 'dhcp-host=bc:24:11:00:00:01,10.2.10.5\n' }],
    ['that of another machine', { dnsmasq: 'dhcp-host=bc:24:11:00:00:02,beta\n' }],
    ['reservations that cannot be read', { leases, dnsmasq: refusal('timeout') }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });

  it('is silent where the lease cannot be read', async () => {
    expect(await rulesThatFire({ dnsmasq, leases: refusal('timeout') })).toEqual([]);
  });
});
