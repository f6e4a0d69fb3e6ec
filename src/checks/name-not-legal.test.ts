import { describe, expect, it } from 'vitest';
import { type RawSources, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { networkManagerTexts, notNixos } from '../../test/support/raw-guest.ts';

const named = (name: string): RawSources => ({ row: { name }, configuration: { name } });

async function found(changes: RawSources) {
  return (await rawFindings(changes)).find(({ rule }) => rule === 'name-not-legal');
}

describe('name-not-legal', () => {
  it('fires for a name at the hypervisor that is no host name, and proposes one', async () => {
    const finding = await found(named('my_vm'));

    expect(finding).toMatchObject({
      severity: 'fault',
      link: 'hypervisor',
      summary:
        'The hypervisor calls the guest "my_vm", which cannot be a host name: there may be letters, digits and hyphens only.',
    });
    expect(finding?.evidence).toMatchObject([{ what: 'name at the hypervisor', value: 'my_vm' }]);
    expect(finding?.remedies).toMatchObject([
      { kind: 'rename-guest', disruption: 'none', how: expect.stringContaining('`qm set 610 --name my-vm`') },
    ]);
  });

  it.each([
    ['Büro 3', 'buro-3'],
    [`${'a'.repeat(64)}`, 'a'.repeat(63)],
    ['-lead', 'lead'],
    ['localhost', 'localhost-610'],
    ['___', 'guest-610'],
    ['$(reboot)', 'reboot'],
  ])('proposes for %j the name %s', async (name, legal) => {
    expect((await found(named(name)))?.remedies[0]?.how).toContain(`--name ${legal}\``);
  });

  it('fires for two guests that would bear one name', async () => {
    const rows = [{ type: 'qemu', vmid: 611, node: 'pve2', status: 'running', name: 'ALPHA.other.example' }];

    const finding = await found({ rows });

    expect(finding?.summary).toBe(
      'The guest and 611 on pve2, which is called "ALPHA.other.example", have the same host name "alpha".',
    );
    expect(finding?.evidence[1]).toMatchObject({ what: 'name of 611', value: 'ALPHA.other.example' });
    expect(finding?.remedies[0]?.how).toContain('--name alpha-610`');
  });

  it('fires for a static name that the client will not send', async () => {
    const guest = { ...notNixos, 'host.static': 'al pha\n', 'host.transient': 'al pha' };

    const finding = await found({ guest, client: networkManagerTexts({ believes: 'al pha' }) });

    expect(finding).toMatchObject({
      severity: 'fault',
      link: 'static',
      summary: expect.stringMatching(/"al pha".*so no name is sent/),
    });
    expect(finding?.remedies).toMatchObject([
      { kind: 'set-static-name', how: expect.stringContaining('set-hostname alpha`') },
    ]);
  });

  it('fires for a name in a profile that the client will not send', async () => {
    const finding = await found({ client: networkManagerTexts({ profiles: [{ name: 'al_pha' }] }) });

    expect(finding).toMatchObject({ severity: 'fault', link: 'dhcp-client' });
    expect(finding?.evidence[0]?.source).toMatch(/^\/etc\/NetworkManager\/system-connections\//);
    expect(finding?.remedies.map(({ kind }) => kind)).toEqual(['set-profile-name']);
  });

  it('leaves a legal name that is another to guest-name-differs-from-vm-name', async () => {
    const guest = { ...notNixos, 'host.static': 'beta\n', 'host.transient': 'beta' };

    expect(
      await rulesThatFire({ guest, client: networkManagerTexts({ profiles: [{ name: 'alpha' }] }) }),
    ).toEqual(['guest-name-differs-from-vm-name']);
  });

  it('says nothing of names in a guest that nobody could look into', async () => {
    const inside = refusal('timeout');
    const client = networkManagerTexts({ profiles: [{ name: 'al_pha' }] });

    expect(await found({ client, inside, ssh: inside })).toBeUndefined();
  });
});
