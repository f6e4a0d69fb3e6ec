import { describe, expect, it } from 'vitest';
import { type RawSources, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';

const own = 'dhcp-host=bc:24:11:00:00:01,alpha,10.2.10.5\n';
const twice = `${own}dhcp-host=bc:24:11:00:00:02,beta,10.2.10.5\n`;
const segment = {
  name: 'mgmt',
  domain: 'mgmt.internal',
  bridge: 'lan',
  dhcpServer: 'dnsmasq',
  resolvers: ['unbound'],
};
const elsewhere = { ...segment, subnet: { network: '10.2.20.0', prefix: 24 } as never };

describe('reconfigure-would-break', () => {
  it('finds an address that is reserved twice, and shows both', async () => {
    const findings = await rawFindings({ dnsmasq: twice });

    expect(findings).toMatchObject([
      {
        rule: 'reconfigure-would-break',
        severity: 'risk',
        link: 'reservation',
        summary:
          'dnsmasq is told to give 10.2.10.5 to bc:24:11:00:00:01 ("alpha") (/etc/dnsmasq.conf) and to bc:24:11:00:00:02 ("beta") (/etc/dnsmasq.conf): with both in its configuration it will not start again, and in a file of hosts it passes over the second.',
        evidence: [
          { value: 'bc:24:11:00:00:01 ("alpha") 10.2.10.5', source: 'reservations of dnsmasq' },
          { value: 'bc:24:11:00:00:02 ("beta") 10.2.10.5', source: 'reservations of dnsmasq' },
        ],
        remedies: [{ kind: 'edit-reservation', reach: 'segment' }],
      },
    ]);
  });

  it('finds it for the machine whose own line is passed over', async () => {
    const [other, mine] = [twice.split('\n')[1], twice.split('\n')[0]];
    const [found] = await rawFindings({ dnsmasq: `${other}\n${mine}\n` });

    expect(found).toMatchObject({ rule: 'reconfigure-would-break', severity: 'risk' });
    expect(found?.evidence).toMatchObject([
      { value: 'bc:24:11:00:00:01 ("alpha") 10.2.10.5' },
      { value: 'bc:24:11:00:00:02 ("beta") 10.2.10.5' },
    ]);
  });

  it('finds it where the lease is of another address yet', async () => {
    const dnsmasq = twice.replaceAll('10.2.10.5', '10.2.10.9');

    expect(await rulesThatFire({ dnsmasq })).toContain('reconfigure-would-break');
  });

  it('finds an address outside of the segment', async () => {
    expect(await rawFindings({ dnsmasq: own, segments: [elsewhere] })).toMatchObject([
      {
        rule: 'reconfigure-would-break',
        severity: 'risk',
        summary: expect.stringContaining('which is not in 10.2.20.0/24, the subnet of mgmt'),
      },
    ]);
  });

  it('says without counting it that the last of two for one MAC address counts', async () => {
    const dnsmasq = 'dhcp-host=bc:24:11:00:00:01,gone\ndhcp-host=bc:24:11:00:00:01,alpha\n';

    expect(await rawFindings({ dnsmasq })).toMatchObject([
      {
        rule: 'reconfigure-would-break',
        severity: 'notice',
        summary: expect.stringContaining('"alpha" (/etc/dnsmasq.conf), which counts, and "gone"'),
      },
    ]);
  });

  it('leaves a name that is reserved for another one to its neighbour', async () => {
    const dnsmasq = `${own}dhcp-host=bc:24:11:00:00:02,alpha\n`;

    expect(await rulesThatFire({ dnsmasq })).toEqual(['name-held-by-other']);
  });

  it.each<[string, RawSources]>([
    ['one reservation', { dnsmasq: own }],
    ['the same one twice', { dnsmasq: 'dhcp-host=bc:24:11:00:00:01,alpha\n'.repeat(2) }],
    [
      'two others that clash',
      {
        dnsmasq: twice
          .replaceAll(':00:0', ':02:0')
          .replaceAll('10.2.10.5', '10.2.10.9')
          .replaceAll('alpha', 'gamma'),
      },
    ],
    [
      'a segment whose subnet is not known',
      { dnsmasq: own.replace('10.2.10.5', '10.2.20.5'), segments: [segment] },
    ],
    ['reservations that cannot be read', { dnsmasq: refusal('timeout') }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).not.toContain('reconfigure-would-break');
  });
});
