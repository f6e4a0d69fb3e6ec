import { describe, expect, it } from 'vitest';
import { leaseLine, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { networkManagerTexts, notNixos } from '../../test/support/raw-guest.ts';

const leases = leaseLine('old');
const unreachable = refusal('unreachable');
const hostnamed = { 'host.believed': '{"type":"v","data":[{"type":"s","data":"old"}]}' };

describe('client-believes-old-name', () => {
  it('finds NetworkManager with the name from before', async () => {
    const findings = await rawFindings({ leases, client: networkManagerTexts({ believes: 'old' }) });

    expect(findings).toMatchObject([
      {
        rule: 'client-believes-old-name',
        severity: 'fault',
        link: 'dhcp-client',
        summary:
          'The static name is "alpha", but NetworkManager still believes in "old", so that is what is sent.',
        evidence: [
          { what: 'static name', value: 'alpha' },
          { what: 'static name as NetworkManager believes it', value: 'old' },
          { what: 'static name as hostnamed believes it', value: 'alpha' },
        ],
        remedies: [
          { kind: 'refresh-static-name', disruption: 'renew' },
          { kind: 'activate-connection', disruption: 'blip' },
        ],
      },
    ]);
  });

  it('goes by hostnamed where NetworkManager was not asked', async () => {
    const findings = await rawFindings({
      leases,
      client: networkManagerTexts({ believes: null }),
      guest: hostnamed,
    });

    expect(findings).toMatchObject([
      { rule: 'client-believes-old-name', summary: expect.stringContaining('hostnamed') },
    ]);
  });

  it('leaves a profile with a name to its neighbour', async () => {
    const client = networkManagerTexts({ profiles: [{ name: 'old' }], believes: 'old' });

    expect(await rulesThatFire({ leases, client })).toEqual(['client-sends-old-name']);
  });

  it.each([
    ['a belief that is right, whatever hostnamed says', { leases, guest: hostnamed }],
    [
      'no belief that anybody could read',
      {
        leases,
        client: networkManagerTexts({ believes: null }),
        guest: { 'host.believed.rc': '124', 'host.believed': '' },
      },
    ],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });

  it('is silent where the static name itself is another', async () => {
    const guest = { ...notNixos, 'host.static': 'beta\n' };
    const client = networkManagerTexts({ believes: 'old' });

    expect(await rulesThatFire({ leases, guest, client })).not.toContain('client-believes-old-name');
  });

  it('is silent where nobody could enter', async () => {
    const changes = {
      leases,
      client: networkManagerTexts({ believes: 'old' }),
      inside: unreachable,
      ssh: unreachable,
    };

    expect(await rulesThatFire(changes)).not.toContain('client-believes-old-name');
  });
});
