import { describe, expect, it } from 'vitest';
import { leaseLine, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import {
  dhclientTexts,
  dhcpcdTexts,
  networkdTexts,
  networkManagerTexts,
  notNixos,
} from '../../test/support/raw-guest.ts';

const leases = leaseLine('old');
const unreachable = refusal('unreachable');
const lan = '[Match]\nName=ens18\n[Network]\nDHCP=yes\n';
const profile = '/etc/NetworkManager/system-connections/wired-1.nmconnection';

describe('client-sends-old-name', () => {
  it('finds a name in the profile of NetworkManager', async () => {
    const findings = await rawFindings({
      leases,
      client: networkManagerTexts({ profiles: [{ name: 'old' }] }),
    });

    expect(findings).toMatchObject([
      {
        rule: 'client-sends-old-name',
        severity: 'fault',
        link: 'dhcp-client',
        summary: `The machine is called "alpha", but its DHCP client sends "old" from ${profile}.`,
        evidence: [
          { what: 'static name', value: 'alpha' },
          { what: 'name that the next NixOS system declares', value: 'alpha' },
          {
            what: 'name that the client would send now',
            value: 'old',
            source: expect.stringContaining(profile),
          },
        ],
        remedies: [
          {
            kind: 'clear-profile-name',
            disruption: 'renew',
            how: expect.stringContaining("ipv4.dhcp-hostname ''"),
          },
        ],
      },
    ]);
  });

  it.each([
    [
      'a profile that only its applied copy keeps',
      networkManagerTexts({ applied: 'old' }),
      `the copy in force of ${profile}`,
      'force-renewal',
    ],
    [
      'a profile that NixOS writes',
      networkManagerTexts({
        profiles: [{ name: 'old', file: '/run/NetworkManager/system-connections/lan.nmconnection' }],
      }),
      '/run/NetworkManager/system-connections/lan.nmconnection',
      'edit-declaration',
    ],
    [
      'a profile with dhcp-fqdn',
      networkManagerTexts({ profiles: [{ fqdn: 'old.mgmt.internal' }] }),
      profile,
      'clear-profile-name',
    ],
    [
      'a drop-in of systemd-networkd',
      networkdTexts({ file: lan, dropIns: { '50-name.conf': '[DHCPv4]\nHostname=old\n' } }),
      '/etc/systemd/network/10-lan.network.d/50-name.conf',
      'edit-client-configuration',
    ],
    ['dhcpcd.conf', dhcpcdTexts('hostname old\n'), '/etc/dhcpcd.conf', 'edit-client-configuration'],
    [
      'a namespace of dhcpcd’s own',
      dhcpcdTexts('hostname\n', { 'dhcpcd.1.uts.rc': '0', 'dhcpcd.1.uts': 'old' }),
      '/proc/700/ns/uts',
      'force-renewal',
    ],
    [
      'dhclient.conf',
      dhclientTexts('send host-name "old";\n'),
      '/etc/dhcp/dhclient.conf',
      'edit-client-configuration',
    ],
  ])('says that it is %s', async (_what, client, place, kind) => {
    const findings = await rawFindings({ leases, client });
    const finding = findings.find((each) => each.rule === 'client-sends-old-name');

    expect(finding?.summary).toBe(
      `The machine is called "alpha", but its DHCP client sends "old" from ${place}.`,
    );
    expect(finding?.remedies.map((each) => each.kind)).toEqual([kind]);
  });

  it('finds the name with which systemd-networkd took up the link', async () => {
    const findings = await rawFindings({ leases, client: networkdTexts({ acknowledged: 'old' }) });

    expect(findings).toMatchObject([
      {
        rule: 'client-sends-old-name',
        summary:
          'The machine is called "alpha", but systemd-networkd took up ens18 as "old" and repeats that in each renewal.',
        remedies: [{ kind: 'edit-client-configuration' }, { kind: 'activate-connection' }],
      },
    ]);
  });

  it('leaves a belief to its neighbour', async () => {
    const client = networkManagerTexts({ believes: 'old' });

    expect(await rulesThatFire({ leases, client })).toEqual(['client-believes-old-name']);
  });

  it('leaves an answer with a name that the server was told to give to its neighbour', async () => {
    const client = networkdTexts({ acknowledged: 'old' });
    const dnsmasq = 'dhcp-host=bc:24:11:00:00:01,old\n';

    expect(await rulesThatFire({ leases, client, dnsmasq })).toEqual(['server-overrides-name']);
  });

  it.each([
    [
      'the wanted name with a domain',
      { client: networkManagerTexts({ profiles: [{ name: 'alpha.mgmt.internal' }] }) },
    ],
    [
      'an answer, and reservations that cannot be read',
      { leases, client: networkdTexts({ acknowledged: 'old' }), dnsmasq: refusal('timeout') },
    ],
    ['no client', { leases, client: {} }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });

  it('is silent where the machine itself is called otherwise', async () => {
    const guest = { ...notNixos, 'host.static': 'beta\n' };
    const client = networkManagerTexts({ profiles: [{ name: 'old' }] });

    expect(await rulesThatFire({ leases, guest, client })).not.toContain('client-sends-old-name');
  });

  it('is silent where nobody could enter', async () => {
    expect(await rulesThatFire({ leases, inside: unreachable, ssh: unreachable })).not.toContain(
      'client-sends-old-name',
    );
  });
});
