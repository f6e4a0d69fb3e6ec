import { describe, expect, it } from 'vitest';
import {
  besideServer,
  ended,
  leaseLine,
  type RawSources,
  rawFindings,
  refusal,
  rulesThatFire,
} from '../../test/support/raw-evidence.ts';

const segments = besideServer('peer');
const lost = { 'A alpha.mgmt.internal': [], 'PTR 10.2.10.5': [] };

/** The own server has the lease with its name, the other one this, and no resolver knows the name. */
function beside(leases: string | Error, dns: RawSources['dns'] = lost): RawSources {
  return {
    segments,
    servers: { own: { leases: leaseLine('alpha') }, peer: { leases } },
    ...(dns && { dns }),
  };
}

describe('ha-peer-lacks-names', () => {
  it('finds the same lease without a name at another server, as the cause of a name that is not known', async () => {
    const findings = await rawFindings(beside(leaseLine('*')));

    expect(findings).toMatchObject([
      {
        rule: 'ha-peer-lacks-names',
        severity: 'fault',
        link: 'lease',
        summary:
          'own holds the lease of 10.2.10.5 as "alpha", and peer holds it with no name; unbound does not know alpha.mgmt.internal.',
        evidence: [
          { what: 'name in the lease of 10.2.10.5 at own', value: 'alpha', source: 'leases of own' },
          { what: 'name in the lease of 10.2.10.5 at peer', value: 'none', source: 'leases of peer' },
          { what: 'alpha.mgmt.internal at unbound', value: 'none' },
        ],
      },
      { rule: 'dns-not-following-lease' },
    ]);
    expect(findings[0]?.remedies.map(({ kind }) => kind)).toEqual(['synchronise-leases', 'forward-domain']);
  });

  it('finds the same lease with an old name', async () => {
    expect(await rulesThatFire(beside(leaseLine('tappaas-nixos')))).toContain('ha-peer-lacks-names');
  });

  it.each<[string, RawSources]>([
    ['a peer that has the name', beside(leaseLine('alpha'))],
    ['a lease of another address', beside(leaseLine('*').replace('10.2.10.5', '10.2.20.5'))],
    ['a lease that has ended', beside(leaseLine('*', '*', ended))],
    ['a peer that cannot be read', beside(refusal('timeout'))],
  ])('leaves %s to its neighbour', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual(['dns-not-following-lease']);
  });

  it('is silent where the resolvers know the name', async () => {
    expect(await rulesThatFire(beside(leaseLine('*'), {}))).toEqual([]);
  });

  it('is silent where its own lease cannot be read', async () => {
    const servers = { own: { leases: refusal('timeout') }, peer: { leases: leaseLine('*') } };

    expect(await rulesThatFire({ segments, servers, dns: lost })).toEqual([]);
  });
});
