import { describe, expect, it } from 'vitest';
import { leaseLine, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { networkdTexts, networkManagerTexts } from '../../test/support/raw-guest.ts';

const leases = leaseLine('beta');
const named = networkManagerTexts({ profiles: [{ name: 'alpha' }] });
const elsewhere = networkManagerTexts({ profiles: [{}, { name: 'alpha' }] });

describe('reapply-was-a-noop', () => {
  it('finds a profile that holds the name both saved and applied', async () => {
    const findings = await rawFindings({ leases, client: named });

    expect(findings).toMatchObject([
      {
        rule: 'reapply-was-a-noop',
        severity: 'fault',
        link: 'lease',
        summary:
          'The lease of 10.2.10.5 bears "beta", and the profile in force on ens18 holds "alpha" both saved and applied, so a reapply says that it succeeded and sends nothing.',
        evidence: [
          { what: 'name in the lease', value: 'beta' },
          {
            what: 'name in the saved profile',
            value: 'alpha',
            source: expect.stringContaining('wired-1.nmconnection'),
          },
          {
            what: 'name in the applied copy',
            value: 'alpha',
            source: expect.stringContaining('GetAppliedConnection'),
          },
        ],
      },
    ]);
    expect(findings[0]?.remedies.map((each) => each.kind)).toEqual(['force-renewal', 'activate-connection']);
  });

  it('finds the name in a profile that the device does not use', async () => {
    const findings = await rawFindings({ leases, client: elsewhere });

    expect(findings).toMatchObject([
      {
        rule: 'reapply-was-a-noop',
        summary: expect.stringContaining(
          '"alpha" stands in the profile /etc/NetworkManager/system-connections/wired-2.nmconnection, while ens18 uses another one',
        ),
        remedies: [{ kind: 'set-profile-name' }, { kind: 'activate-connection' }],
      },
    ]);
  });

  it('leaves a machine whose own name speaks to its neighbour', async () => {
    expect(await rulesThatFire({ leases: leaseLine('tappaas-nixos') })).toEqual(['lease-name-is-template']);
  });

  it('leaves a name that the server was told to give to its neighbour', async () => {
    const dnsmasq = 'dhcp-host=bc:24:11:00:00:01,beta\n';

    expect(await rulesThatFire({ leases, client: named, dnsmasq })).toEqual(['server-overrides-name']);
  });

  it.each([
    [
      'an edit that a reapply would send',
      { leases, client: networkManagerTexts({ profiles: [{ name: 'alpha' }], applied: '' }) },
    ],
    ['the right name in the lease', { client: named }],
    ['another client', { leases, client: networkdTexts() }],
    [
      'an applied copy that cannot be read',
      { leases, client: networkManagerTexts({ profiles: [{ name: 'alpha' }], applied: null }) },
    ],
    [
      'an applied copy that cannot be read, and a rival',
      { leases, client: networkManagerTexts({ profiles: [{}, { name: 'alpha' }], applied: null }) },
    ],
    ['a lease that cannot be read', { leases: refusal('timeout'), client: named }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });
});
