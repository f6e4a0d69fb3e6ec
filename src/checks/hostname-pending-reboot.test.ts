import { describe, expect, it } from 'vitest';
import { type RawSources, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { systemTexts } from '../../test/support/raw-guest.ts';

/** After a switch to the machine's own system, before any boot with it. */
const switched: RawSources = {
  guest: { ...systemTexts('booted', 'tappaas-nixos'), 'host.transient': 'tappaas-nixos' },
};

async function found(changes: RawSources) {
  return (await rawFindings(changes)).find(({ rule }) => rule === 'hostname-pending-reboot');
}

describe('hostname-pending-reboot', () => {
  it('fires after a switch that left the name of the kernel as it was', async () => {
    const finding = await found(switched);

    expect(finding).toMatchObject({
      severity: 'fault',
      link: 'transient',
      summary: expect.stringMatching(/^NixOS declares "alpha" .* has run as "tappaas-nixos" since/),
    });
    expect(finding?.evidence.map(({ value }) => value)).toEqual([
      'tappaas-nixos',
      'alpha',
      'alpha',
      'tappaas-nixos',
    ]);
    expect(finding?.remedies.map(({ kind, disruption }) => [kind, disruption])).toEqual([
      ['set-transient-name', 'none'],
      ['reboot-guest', 'reboot'],
    ]);
  });

  it('fires for a system that was built for the next boot only', async () => {
    const guest = {
      ...switched.guest,
      ...systemTexts('current', 'tappaas-nixos'),
      'host.static': 'tappaas-nixos\n',
    };

    expect((await found({ guest }))?.remedies.map(({ kind }) => kind)).toEqual([
      'activate-system',
      'reboot-guest',
    ]);
  });

  it('is the only one that fires: the client sends the static name already', async () => {
    expect(await rulesThatFire(switched)).toEqual(['hostname-pending-reboot']);
  });

  it('leaves a name that was changed since the boot to static-differs-from-transient', async () => {
    expect(await rulesThatFire({ guest: { 'host.transient': 'other' } })).toEqual([
      'static-differs-from-transient',
    ]);
  });

  it('is silent when the booted system could not be read', async () => {
    const guest = { ...switched.guest, 'nixos.booted.path': undefined };

    expect(await found({ guest })).toBeUndefined();
  });

  it('is silent when nobody could look into the guest', async () => {
    const inside = refusal('timeout');

    expect(await found({ ...switched, inside, ssh: inside })).toBeUndefined();
  });
});
