import { describe, expect, it } from 'vitest';
import { type RawSources, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { networkdTexts, networkManagerTexts, notNixos, systemTexts } from '../../test/support/raw-guest.ts';

/** `/etc/hostname` was written, and nobody told the kernel. */
const written: RawSources = { guest: { ...notNixos, 'host.transient': 'old' } };

async function found(changes: RawSources) {
  return (await rawFindings(changes)).find(({ rule }) => rule === 'static-differs-from-transient');
}

describe('static-differs-from-transient', () => {
  it('fires when the name on disc is right and the one in force is not', async () => {
    const finding = await found(written);

    expect(finding).toMatchObject({
      severity: 'risk',
      link: 'transient',
      summary: 'The guest runs as "old" although its static name is "alpha".',
    });
    expect(finding?.evidence).toMatchObject([
      { what: 'static name', value: 'alpha', source: '/etc/hostname (guest agent of pve1/610)' },
      { what: 'transient name', value: 'old', source: 'uname -n (guest agent of pve1/610)' },
    ]);
    expect(finding?.remedies).toMatchObject([
      { kind: 'set-transient-name', disruption: 'none', reach: 'guest' },
    ]);
  });

  it('fires when the name in force is right and stands in no file', async () => {
    const guest = {
      ...notNixos,
      'host.static': '',
      'host.believed': '{"type":"v","data":[{"type":"s","data":""}]}',
    };

    const finding = await found({ guest, client: networkManagerTexts({ profiles: [{ name: 'alpha' }] }) });

    expect(finding?.summary).toMatch(/^The guest runs as "alpha", but no file holds that name/);
    expect(finding?.evidence[0]).toMatchObject({ what: 'static name', value: 'none' });
    expect(finding?.remedies.map(({ kind }) => kind)).toEqual(['set-static-name']);
  });

  it('is a fault when the client sends the name in force', async () => {
    expect(await found({ ...written, client: networkdTexts() })).toMatchObject({ severity: 'fault' });
    expect(
      await found({
        ...written,
        client: networkdTexts({ dropIns: { 'a.conf': '[DHCPv4]\nHostname=alpha\n' } }),
      }),
    ).toMatchObject({
      severity: 'risk',
    });
  });

  it('counts neither case nor a domain as a difference', async () => {
    expect(await rulesThatFire({ guest: { ...notNixos, 'host.transient': 'Alpha.mgmt.internal' } })).toEqual(
      [],
    );
  });

  it('leaves a name that waits for a reboot of NixOS to hostname-pending-reboot', async () => {
    const guest = { ...systemTexts('booted', 'old'), 'host.transient': 'old' };

    expect(await rulesThatFire({ guest })).toEqual(['hostname-pending-reboot']);
  });

  it('leaves a static name that is a wrong one to guest-name-differs-from-vm-name', async () => {
    const guest = { ...notNixos, 'host.static': 'beta\n' };

    expect(await found({ guest })).toBeUndefined();
    expect(await rulesThatFire({ guest })).toContain('guest-name-differs-from-vm-name');
  });

  it('leaves two names of which none is right to guest-name-differs-from-vm-name', async () => {
    const guest = { ...notNixos, 'host.static': 'beta\n', 'host.transient': 'old' };

    expect(
      await rulesThatFire({ guest, client: networkManagerTexts({ profiles: [{ name: 'alpha' }] }) }),
    ).toEqual(['guest-name-differs-from-vm-name']);
  });

  it('is silent when nobody could look into the guest', async () => {
    const inside = refusal('timeout');

    expect(await found({ ...written, inside, ssh: inside })).toBeUndefined();
  });
});
