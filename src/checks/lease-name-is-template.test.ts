import { describe, expect, it } from 'vitest';
import { leaseLine, living, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { dhcpcdTexts, networkdTexts, networkManagerTexts } from '../../test/support/raw-guest.ts';

const leases = leaseLine('tappaas-nixos');
const unreachable = refusal('unreachable');

describe('lease-name-is-template', () => {
  it('finds a lease from before the machine had its name', async () => {
    const findings = await rawFindings({ leases });

    expect(findings).toMatchObject([
      {
        rule: 'lease-name-is-template',
        severity: 'fault',
        link: 'lease',
        summary:
          'The lease of 10.2.10.5 still bears the template\'s name "tappaas-nixos"; the guest asked for it before it was called "alpha".',
        evidence: [
          { what: 'name in the lease', value: 'tappaas-nixos', source: 'leases of dnsmasq' },
          { what: 'name that the client would send now', value: 'alpha' },
          { what: 'names of templates', value: 'tappaas-nixos', source: 'list of guests of pve' },
        ],
      },
    ]);
    expect(findings[0]?.remedies.map(({ kind, disruption, reach }) => [kind, disruption, reach])).toEqual([
      ['force-renewal', 'renew', 'guest'],
      ['activate-connection', 'blip', 'guest'],
      ['reserve-name', 'none', 'segment'],
    ]);
  });

  it.each([
    [
      'systemd-networkd',
      networkdTexts({ acknowledged: '' }),
      ['edit-client-configuration', 'activate-connection'],
    ],
    ['dhcpcd', dhcpcdTexts('hostname\n'), ['force-renewal']],
  ])('knows what makes %s ask again', async (_client, client, kinds) => {
    const [finding] = await rawFindings({ leases, client });

    expect(finding?.rule).toBe('lease-name-is-template');
    expect(finding?.remedies.map((each) => each.kind)).toEqual([...kinds, 'reserve-name']);
  });

  it('leaves a lease whose client would send the old name again to what makes it do so', async () => {
    const client = networkManagerTexts({ profiles: [{ name: 'tappaas-nixos' }] });

    expect(await rulesThatFire({ leases, client })).toEqual(['client-sends-old-name']);
  });

  it('leaves a client that still believes in the old name to the rule of that', async () => {
    const client = networkManagerTexts({ believes: 'tappaas-nixos' });

    expect(await rulesThatFire({ leases, client })).toEqual(['client-believes-old-name']);
  });

  it('leaves a name that the server was told to give to its neighbour', async () => {
    const dnsmasq = 'dhcp-host=bc:24:11:00:00:01,tappaas-nixos\n';

    expect(await rulesThatFire({ leases, dnsmasq })).toEqual(['server-overrides-name']);
  });

  it.each([
    ['a name that no template has', { leases: leaseLine('beta') }],
    ['the right name, whatever its case and domain', { leases: leaseLine('ALPHA') }],
    [
      'only the lease of another machine',
      { leases: `${living} bc:24:11:00:00:02 10.2.10.9 tappaas-nixos *\n` },
    ],
    ['a lease that cannot be read', { leases: refusal('timeout') }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });

  it('is silent where nobody knows what the client would send', async () => {
    expect(await rulesThatFire({ leases, inside: unreachable, ssh: unreachable })).not.toContain(
      'lease-name-is-template',
    );
    expect(await rulesThatFire({ leases, client: {} })).toEqual([]);
  });
});
