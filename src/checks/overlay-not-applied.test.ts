import { describe, expect, it } from 'vitest';
import {
  leaseLine,
  type RawSources,
  rawFindings,
  refusal,
  rulesThatFire,
} from '../../test/support/raw-evidence.ts';
import { networkManagerTexts, systemTexts } from '../../test/support/raw-guest.ts';

/** A clone that still is its template in every place. */
const asTemplate: RawSources = {
  leases: leaseLine('tappaas-nixos'),
  client: networkManagerTexts({ believes: 'tappaas-nixos' }),
  guest: {
    ...systemTexts('booted', 'tappaas-nixos'),
    ...systemTexts('current', 'tappaas-nixos'),
    ...systemTexts('next', 'tappaas-nixos'),
    'host.static': 'tappaas-nixos\n',
    'host.transient': 'tappaas-nixos',
    'host.believed': '{"type":"v","data":[{"type":"s","data":"tappaas-nixos"}]}',
  },
};

describe('overlay-not-applied', () => {
  it('fires when the system of now and of the next boot declare the name of a template', async () => {
    const [finding] = await rawFindings(asTemplate);

    expect(finding).toMatchObject({
      rule: 'overlay-not-applied',
      severity: 'fault',
      link: 'declaration',
      summary: expect.stringMatching(/declares "tappaas-nixos", the name of a template: .*"alpha"/),
    });
    expect(finding?.evidence.map(({ what, value }) => [what, value])).toEqual([
      ['declared by the running system', 'tappaas-nixos'],
      ['declared by the system of the next boot', 'tappaas-nixos'],
      ['names of templates', 'tappaas-nixos'],
    ]);
    expect(finding?.evidence[1]?.source).toMatch(
      /^\/nix\/store\/.*tappaas-nixos.* \(guest agent of pve1\/610\)$/,
    );
    expect(finding?.remedies).toMatchObject([
      {
        kind: 'rebuild',
        target: 'guest 610',
        disruption: 'reboot',
        how: expect.stringContaining('truename rebuild alpha 610 pve1'),
      },
    ]);
  });

  it('leaves a third name to declared-name-is-another', async () => {
    const guest = { ...asTemplate.guest, ...systemTexts('next', 'beta') };

    expect(await rulesThatFire({ ...asTemplate, guest })).toEqual(['declared-name-is-another']);
  });

  it('leaves a system that waits to be booted to hostname-pending-reboot', async () => {
    const guest = { ...asTemplate.guest, ...systemTexts('next', 'alpha') };

    const fired = await rulesThatFire({ ...asTemplate, guest });

    expect(fired).toContain('hostname-pending-reboot');
    expect(fired).not.toContain('overlay-not-applied');
  });

  it('leaves a machine that is itself until the next boot to name-will-not-last', async () => {
    expect(await rulesThatFire({ guest: systemTexts('next', 'tappaas-nixos') })).toEqual([
      'name-will-not-last',
    ]);
  });

  it('is silent when nobody could look into the guest', async () => {
    const inside = refusal('timeout');

    expect(await rulesThatFire({ ...asTemplate, inside, ssh: inside })).not.toContain('overlay-not-applied');
  });

  it('is silent when the system of the next boot could not be read', async () => {
    const guest = { ...asTemplate.guest, 'nixos.next.path': undefined };

    expect(await rulesThatFire({ ...asTemplate, guest })).not.toContain('overlay-not-applied');
  });
});
