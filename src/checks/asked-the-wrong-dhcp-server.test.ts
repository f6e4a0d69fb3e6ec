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

const away = refusal('unreachable');
const blind = { inside: away, ssh: away, agent: away };
const [mgmt, other] = besideServer('other');
const srv = { ...other, domain: 'srv.internal' };
const segments = [mgmt, srv];

/** The machine has no lease at the server of its segment, and this at the other one. */
function elsewhere(leases: string | Error): RawSources {
  return { segments, servers: { own: {}, other: { leases } } };
}

describe('asked-the-wrong-dhcp-server', () => {
  it('finds a lease at another server that the machine uses', async () => {
    const findings = await rawFindings(elsewhere(leaseLine('alpha')));

    expect(findings).toMatchObject([
      {
        rule: 'asked-the-wrong-dhcp-server',
        severity: 'fault',
        link: 'lease',
        summary:
          'own, the DHCP server of the segment mgmt, leases nothing to bc:24:11:00:00:01, and other leases it 10.2.10.5 with "alpha", which it uses.',
        evidence: [
          { what: 'lease of bc:24:11:00:00:01 at own', value: 'none', source: 'leases of own' },
          {
            what: 'lease of bc:24:11:00:00:01 at other',
            value: '10.2.10.5 alpha',
            source: 'leases of other',
          },
          { what: 'network of net0', value: 'bridge lan' },
        ],
      },
    ]);
    expect(findings[0]?.remedies.map(({ kind }) => kind)).toEqual(['edit-configuration', 'move-nic']);
  });

  it('is a risk where nobody can see whether the machine uses it', async () => {
    const findings = await rawFindings({ ...elsewhere(leaseLine('alpha')), ...blind });

    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'asked-the-wrong-dhcp-server', severity: 'risk' }),
    );
  });

  it('goes by the subnet of the segment where nobody can enter', async () => {
    const subnet = { network: '10.2.10.0', prefix: 24 } as never;
    const changes = { ...elsewhere(leaseLine('alpha')), ...blind, segments: [{ ...mgmt, subnet }, srv] };

    expect(await rawFindings(changes)).toContainEqual(
      expect.objectContaining({ rule: 'asked-the-wrong-dhcp-server', severity: 'fault' }),
    );
  });

  it('leaves a machine whose identity another one has to its neighbour', async () => {
    const twin = leaseLine('beta').replace('bc:24:11:00:00:01 ', 'bc:24:11:00:00:02 ');

    expect(await rulesThatFire({ segments, servers: { own: { leases: twin }, other: {} } })).toContain(
      'duplicate-client-id',
    );
    expect(await rulesThatFire({ segments, servers: { own: { leases: twin }, other: {} } })).not.toContain(
      'asked-the-wrong-dhcp-server',
    );
  });

  it.each<[string, RawSources]>([
    ['a lease that is left from elsewhere', elsewhere(leaseLine('alpha').replace('10.2.10.5', '10.2.20.5'))],
    ['a lease that has ended', elsewhere(leaseLine('alpha', '*', ended))],
    ['another server that cannot be read', elsewhere(refusal('timeout'))],
    [
      'a lease at its own server, too',
      { segments, servers: { own: { leases: leaseLine('alpha') }, other: { leases: leaseLine('alpha') } } },
    ],
    [
      'leases of its own server that cannot be read',
      { segments, servers: { own: { leases: refusal('timeout') }, other: { leases: leaseLine('alpha') } } },
    ],
    [
      'a fixed address',
      {
        ...elsewhere(leaseLine('alpha')),
        configuration: { ipconfig0: 'ip=10.2.10.5/24' },
        client: {},
        guest: { 'if.1.v4': '2: ens18    inet 10.2.10.5/24 scope global ens18 valid_lft forever' },
      },
    ],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });
});
