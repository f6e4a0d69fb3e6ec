import { describe, expect, it } from 'vitest';
import { leaseLine, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';

const unknown = { 'A alpha.mgmt.internal': [] };
const segments = [
  {
    name: 'mgmt',
    domain: 'mgmt.internal',
    bridge: 'lan',
    dhcpServer: 'dnsmasq',
    resolvers: ['first', 'second'],
  },
];

describe('dns-not-following-lease', () => {
  it('finds a resolver that knows the domain and not the name', async () => {
    const findings = await rawFindings({ dns: unknown });

    expect(findings).toMatchObject([
      {
        rule: 'dns-not-following-lease',
        severity: 'fault',
        link: 'forward',
        summary:
          'The lease of 10.2.10.5 bears the name, but unbound has no record of alpha.mgmt.internal, although it knows mgmt.internal. Just after a change that may be an answer that is still remembered.',
        evidence: [
          { what: 'name in the lease', value: 'alpha' },
          { what: 'alpha.mgmt.internal at unbound', value: 'none' },
          { what: 'mgmt.internal at unbound', value: 'known', source: 'unbound: mgmt.internal' },
        ],
      },
    ]);
    expect(findings[0]?.remedies.map(({ kind, target }) => [kind, target])).toEqual([
      ['flush-name', 'unbound'],
      ['register-leases', 'dnsmasq'],
    ]);
  });

  it('finds one that knows nothing of the domain', async () => {
    const [finding] = await rawFindings({ dns: { ...unknown, 'NAME mgmt.internal': [] } });

    expect(finding?.summary).toBe(
      'The lease of 10.2.10.5 bears the name, but unbound knows nothing of mgmt.internal: nobody tells it of the leases there.',
    );
    expect(finding?.remedies.map(({ kind }) => kind)).toEqual(['forward-domain']);
  });

  it('finds one that lacks what another resolver of the segment has', async () => {
    const [finding] = await rawFindings({ segments, resolvers: { second: unknown } });

    expect(finding?.summary).toContain(
      'second has no record of alpha.mgmt.internal, which first has. Just after a change',
    );
    expect(finding?.remedies.map(({ kind, target }) => [kind, target])).toEqual([
      ['flush-name', 'second'],
      ['forward-domain', 'second'],
    ]);
  });

  it('does not say what a resolver did not tell', async () => {
    const [finding] = await rawFindings({ dns: { ...unknown, 'NAME mgmt.internal': refusal('timeout') } });

    expect(finding?.summary).toContain('whether it knows mgmt.internal could not be seen');
  });

  it('leaves a name with another address to its neighbour', async () => {
    const dns = { 'A alpha.mgmt.internal': ['10.2.10.77'] };

    expect(await rulesThatFire({ dns, hosts: '10.2.10.77 alpha.mgmt.internal alpha\n' })).toEqual([
      'static-entry-shadows-lease',
    ]);
  });

  it.each([
    ['a lease with another name', { leases: leaseLine('beta'), dns: unknown }],
    ['no lease', { leases: '', dns: unknown }],
    ['a lease that cannot be read', { leases: refusal('timeout'), dns: unknown }],
    ['a resolver that does not answer', { dns: { 'A alpha.mgmt.internal': refusal('timeout') } }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });
});
