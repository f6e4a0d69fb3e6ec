import { describe, expect, it } from 'vitest';
import { rawFindings, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { networkManagerTexts } from '../../test/support/raw-guest.ts';
import { type HandMade, makeMessage } from '../adapters/tcpdump/testing.ts';

const request = 3;

/** A REQUEST with these names in options 12 and 81, the latter in ASCII behind its flags and two return codes. */
function sent(hostName: string, fqdn?: string, flags = 1, more: Partial<HandMade> = {}): Buffer {
  return makeMessage({
    options: [
      [53, [request]],
      [12, Buffer.from(hostName)],
      ...(fqdn === undefined ? [] : [[81, Buffer.from([flags, 0, 0, ...Buffer.from(fqdn)])] as const]),
    ],
    ...more,
  });
}

const noUpdates = 0x08;

describe('fqdn-option-wins', () => {
  it('finds another name in option 81 than in option 12', async () => {
    const findings = await rawFindings({ wire: [sent('alpha', 'alpha'), sent('alpha', 'old.example')] });

    expect(findings).toMatchObject([
      {
        rule: 'fqdn-option-wins',
        severity: 'fault',
        link: 'dhcp-client',
        summary:
          'The REQUEST of the machine says "old.example" in option 81, which counts before all else, and has "alpha" in option 12.',
        evidence: [
          { what: 'option 81', value: 'old.example', source: 'wire of pve1/610' },
          { what: 'flags of option 81', value: '0001' },
          { what: 'option 12', value: 'alpha' },
        ],
        remedies: [{ kind: 'clear-profile-name', disruption: 'renew' }],
      },
    ]);
  });

  it('finds an empty one, which takes the name away', async () => {
    const [finding] = await rawFindings({ wire: [sent('alpha', '')] });

    expect(finding?.summary).toContain('says no name in option 81');
  });

  it('finds the wish for no DNS updates where the name is not known', async () => {
    const dns = { 'A alpha.mgmt.internal': [] };
    const wire = [sent('alpha', 'alpha.mgmt.internal', noUpdates)];

    expect(await rulesThatFire({ wire, dns })).toEqual(['fqdn-option-wins', 'dns-not-following-lease']);
    expect(await rulesThatFire({ wire })).toEqual([]);
  });

  it('leaves a name of the client’s own in option 12 to its neighbour', async () => {
    const client = networkManagerTexts({ profiles: [{ name: 'old' }] });

    expect(await rulesThatFire({ client, wire: [sent('old')] })).toEqual(['client-sends-old-name']);
  });

  it.each([
    ['the same name in both', [sent('alpha', 'ALPHA.mgmt.internal')]],
    ['a request of another machine', [sent('beta', 'beta', 1, { mac: 'bc:24:11:00:00:02' })]],
    ['an older request that said otherwise', [sent('alpha', 'old'), sent('alpha', 'alpha')]],
    ['nothing on the wire', []],
  ])('is silent with %s', async (_what, wire) => {
    expect(await rulesThatFire({ wire })).toEqual([]);
  });

  it('is silent where nobody listens', async () => {
    expect(await rulesThatFire()).toEqual([]);
  });
});
