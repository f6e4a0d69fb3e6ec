import { describe, expect, it } from 'vitest';
import { rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { networkdTexts, networkManagerTexts, notNixos, systemTexts } from '../../test/support/raw-guest.ts';

const unreachable = refusal('unreachable');

describe('name-will-not-last', () => {
  it('finds a saved profile that says another name than the copy in force', async () => {
    const findings = await rawFindings({
      client: networkManagerTexts({ profiles: [{ name: 'old' }], applied: 'alpha' }),
    });

    expect(findings).toMatchObject([
      {
        rule: 'name-will-not-last',
        severity: 'risk',
        link: 'next-boot',
        summary:
          'The client sends "alpha" now, and after the next boot "old" from /etc/NetworkManager/system-connections/wired-1.nmconnection.',
        evidence: [
          { what: 'name that the client would send now', value: 'alpha' },
          { what: 'name after the next boot', value: 'old', source: expect.stringContaining('wired-1') },
          { what: 'name that the next NixOS system declares', value: 'alpha' },
        ],
        remedies: [{ kind: 'set-profile-name', disruption: 'none' }],
      },
    ]);
  });

  it('finds another profile that the next boot may choose', async () => {
    const findings = await rawFindings({ client: networkManagerTexts({ profiles: [{}, { name: 'old' }] }) });

    expect(findings).toMatchObject([
      {
        rule: 'name-will-not-last',
        summary:
          'The client sends "alpha" now, but the next boot may choose the profile /etc/NetworkManager/system-connections/wired-2.nmconnection, which says "old".',
        remedies: [{ kind: 'clear-profile-name', disruption: 'none' }],
      },
    ]);
  });

  it('finds a drop-in that is gone after a boot', async () => {
    const path = '/run/systemd/network/10-lan.network.d/name.conf';
    const findings = await rawFindings({
      client: {
        ...networkdTexts({
          file: '[Match]\nName=ens18\n[Network]\nDHCP=yes\n[DHCPv4]\nSendHostname=yes\nHostname=old\n',
        }),
        'networkd.1.link': `NETWORK_FILE=/etc/systemd/network/10-lan.network\nNETWORK_FILE_DROPINS="${path}"\n`,
        'networkd.1.dropin.1.path': path,
        'networkd.1.dropin.1.text': '[DHCPv4]\nHostname=alpha\n',
      },
    });

    expect(findings.map((each) => each.rule)).toEqual(['name-will-not-last']);
    expect(findings[0]?.remedies.map((each) => each.kind)).toEqual(['edit-client-configuration']);
  });

  it('leaves a client that sends another name already to its neighbour', async () => {
    const client = networkManagerTexts({ profiles: [{ name: 'old' }] });

    expect(await rulesThatFire({ client })).toEqual(['client-sends-old-name']);
  });

  it('follows from a declaration of another name', async () => {
    const guest = { ...systemTexts('next', 'beta') };

    expect(await rulesThatFire({ guest })).toEqual(['declared-name-is-another', 'name-will-not-last']);
  });

  it.each([
    [
      'a rival with the wanted name',
      { client: networkManagerTexts({ profiles: [{}, { name: 'alpha.mgmt.internal' }] }) },
    ],
    ['a guest without NixOS whose files are right', { guest: notNixos }],
    ['no client', { client: {} }],
  ])('is silent with %s', async (_what, changes) => {
    expect(await rulesThatFire(changes)).toEqual([]);
  });

  it('is silent where nobody could enter', async () => {
    expect(await rulesThatFire({ inside: unreachable, ssh: unreachable })).not.toContain(
      'name-will-not-last',
    );
  });
});
