import { describe, expect, it } from 'vitest';
import { type RawSources, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { systemTexts } from '../../test/support/raw-guest.ts';

const nextIs = (name: string): RawSources => ({ guest: systemTexts('next', name) });

describe('declared-name-is-another', () => {
  it('fires when the system of the next boot declares a name that is nobody else’s', async () => {
    const finding = (await rawFindings(nextIs('beta'))).find(
      ({ rule }) => rule === 'declared-name-is-another',
    );

    expect(finding).toMatchObject({
      severity: 'fault',
      link: 'declaration',
      summary: 'NixOS declares "beta" for the next boot, and the hypervisor calls the machine "alpha".',
    });
    expect(finding?.evidence.map(({ what, value }) => [what, value])).toEqual([
      ['name at the hypervisor', 'alpha'],
      ['declared by the system of the next boot', 'beta'],
    ]);
    expect(finding?.remedies.map(({ kind, disruption }) => [kind, disruption])).toEqual([
      ['edit-declaration', 'none'],
      ['rename-guest', 'none'],
      ['rebuild', 'reboot'],
    ]);
    expect(finding?.remedies[1]?.how).toContain('`qm set 610 --name beta`');
  });

  it('explains that the name will not last', async () => {
    expect(await rulesThatFire(nextIs('beta'))).toEqual(['declared-name-is-another', 'name-will-not-last']);
  });

  it.each([
    ['the wanted name', 'alpha', []],
    ['the wanted name in capitals', 'ALPHA', []],
    ['the name of a template', 'tappaas-nixos', ['name-will-not-last']],
  ])('is silent about %s', async (_what, name, fired) => {
    expect(await rulesThatFire(nextIs(name))).toEqual(fired);
  });

  it('is silent about a system that declares no name', async () => {
    const guest = { ...systemTexts('next', ''), 'nixos.next.name': undefined };

    expect(await rulesThatFire({ guest })).toEqual(['name-will-not-last']);
  });

  it('leaves a name that no guest could bear to name-not-legal', async () => {
    const name = 'my_vm';

    expect(await rulesThatFire({ row: { name }, configuration: { name } })).not.toContain(
      'declared-name-is-another',
    );
  });

  it('is silent when nobody could look into the guest', async () => {
    const inside = refusal('timeout');

    expect(await rulesThatFire({ ...nextIs('beta'), inside, ssh: inside })).not.toContain(
      'declared-name-is-another',
    );
  });
});
