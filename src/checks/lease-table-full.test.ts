import { describe, expect, it } from 'vitest';
import {
  besideServer,
  living,
  type RawSources,
  rawFindings,
  refusal,
  rulesThatFire,
} from '../../test/support/raw-evidence.ts';

/** Living leases of other machines, from 10.2.10.100 on. */
function others(count: number, first = 100): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const last = (first + at).toString(16).padStart(2, '0');
    return `${living} bc:24:11:00:01:${last} 10.2.10.${first + at} other${at} *\n`;
  });
  return lines.join('');
}

const range = 'dhcp-range=10.2.10.100,10.2.10.109,1h\n';
const full: RawSources = { leases: others(10), dnsmasq: range };

describe('lease-table-full', () => {
  it('finds a server that keeps no more leases', async () => {
    const dnsmasq = `dhcp-range=tag:eth0,10.2.10.100,10.2.10.199\ndhcp-lease-max=3\n`;

    const findings = await rawFindings({ leases: others(3), dnsmasq });

    expect(findings).toMatchObject([
      {
        rule: 'lease-table-full',
        severity: 'fault',
        link: 'lease',
        summary:
          'dnsmasq leases nothing to bc:24:11:00:00:01, and has nothing left to lease: it keeps 3 leases at most (/etc/dnsmasq.conf), and holds 3.',
        evidence: [
          { what: 'lease of bc:24:11:00:00:01 at dnsmasq', value: 'none', source: 'leases of dnsmasq' },
          { what: 'living leases', value: '3 of 3', source: 'limits of dnsmasq' },
        ],
      },
    ]);
    expect(findings[0]?.remedies.map(({ kind }) => kind)).toEqual(['raise-limit', 'release-lease']);
  });

  it('counts leases of IPv6 too, and none that has ended', async () => {
    const leases = `${others(1)}${others(1, 120).replace(living, '1')}duid 00:01\n${living} 77 fd00::5 six 00:02\n`;
    const dnsmasq = 'dhcp-range=10.2.10.100,10.2.10.199\n';

    expect(await rulesThatFire({ leases, dnsmasq: `${dnsmasq}dhcp-lease-max=2\n` })).toEqual([
      'lease-table-full',
    ]);
    expect(await rulesThatFire({ leases, dnsmasq: `${dnsmasq}dhcp-lease-max=3\n` })).toEqual([]);
  });

  it('finds a range without a free address, what is reserved for others being none', async () => {
    const reserved = `${range}dhcp-host=bc:24:11:00:02:01,10.2.10.109\n`;

    expect(await rawFindings({ leases: others(9), dnsmasq: reserved })).toMatchObject([
      {
        rule: 'lease-table-full',
        severity: 'fault',
        summary: expect.stringContaining(
          '10 of the 10 addresses from 10.2.10.100 to 10.2.10.109 (/etc/dnsmasq.conf) are leased or reserved',
        ),
      },
    ]);
  });

  it('says so without counting it where little is left', async () => {
    const findings = await rawFindings({ leases: others(9), dnsmasq: range });

    expect(findings).toMatchObject([
      {
        rule: 'lease-table-full',
        severity: 'notice',
        summary: expect.stringContaining('9 of the 10 addresses'),
      },
    ]);
  });

  it('leaves a machine that leases elsewhere to its neighbour', async () => {
    const segments = besideServer('other');
    const leases = `${living} bc:24:11:00:00:01 10.2.10.5 alpha *\n`;

    expect(await rulesThatFire({ segments, servers: { own: full, other: { leases } } })).toEqual([
      'asked-the-wrong-dhcp-server',
    ]);
  });

  it.each<[string, RawSources]>([
    ['room left', { leases: others(8), dnsmasq: range }],
    [
      'an address that is reserved for it',
      { ...full, dnsmasq: `${range}dhcp-host=bc:24:11:00:00:01,10.2.10.9\n` },
    ],
    [
      'another range beside the full one',
      { ...full, dnsmasq: `${range}dhcp-range=10.2.10.200,10.2.10.249\n` },
    ],
    ['a range for reserved addresses only', { leases: others(1), dnsmasq: 'dhcp-range=10.2.10.0,static\n' }],
    ['a range of IPv6 only', { leases: others(1), dnsmasq: 'dhcp-range=fd00::10,fd00::11,64\n' }],
    [
      'a configuration that cannot be read',
      { leases: others(1000, 0).slice(0, 99), dnsmasq: refusal('timeout') },
    ],
    ['leases that cannot be read', { ...full, leases: refusal('timeout') }],
    ['a guest that is off', { ...full, row: { status: 'stopped' } }],
    ['a lease', { ...full, leases: `${others(10)}${living} bc:24:11:00:00:01 10.2.10.5 alpha *\n` }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).not.toContain('lease-table-full');
  });
});
