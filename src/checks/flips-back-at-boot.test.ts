import { describe, expect, it } from 'vitest';
import { type RawSources, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { notNixos as guest } from '../../test/support/raw-guest.ts';

/** A guest without NixOS that cloud-init named alpha, and whose snippet was changed since. */
const changed = {
  configuration: { cicustom: 'user=local:snippets/web.yaml' },
  seed: { user: '#cloud-config\nhostname: beta\n' },
};
async function found(changes: RawSources) {
  return (await rawFindings(changes)).find(({ rule }) => rule === 'flips-back-at-boot');
}

describe('flips-back-at-boot', () => {
  it('fires when the next start gives a name that cloud-init has not seen', async () => {
    const finding = await found({ ...changed, guest });

    expect(finding).toMatchObject({
      severity: 'risk',
      link: 'next-boot',
      summary:
        'The guest calls itself "alpha", and cloud-init is given "beta" at the next start and will set that.',
    });
    expect(finding?.evidence.map(({ what, value }) => [what, value])).toEqual([
      ['static name', 'alpha'],
      ['name that cloud-init was given', 'alpha'],
      ['name for the next start', 'beta'],
    ]);
    expect(finding?.remedies).toMatchObject([
      {
        kind: 'edit-cloud-init',
        disruption: 'none',
        how: expect.stringContaining('local:snippets/web.yaml'),
      },
      { kind: 'preserve-hostname', disruption: 'none' },
    ]);
  });

  it('is the only one that fires', async () => {
    expect(await rulesThatFire({ ...changed, guest })).toEqual(['flips-back-at-boot']);
  });

  it.each<[string, RawSources]>([
    [
      'a name that was set by hand, and that cloud-init respects',
      { ...changed, guest: { ...guest, 'ci.user.hostname': 'hostname: beta' } },
    ],
    [
      'a guest that is told to keep its name',
      { ...changed, guest: { ...guest, 'ci.preserve': 'preserve_hostname: true' } },
    ],
    [
      'data that say so themselves',
      { ...changed, guest, seed: { user: '#cloud-config\nhostname: beta\npreserve_hostname: yes\n' } },
    ],
    ['a cloud-init that is disabled', { ...changed, guest: { ...guest, 'ci.disabled': '1' } }],
    ['generated data', { guest }],
    ['NixOS', { ...changed, guest: {} }],
  ])('is silent about %s', async (_what, sources) => {
    expect(await rulesThatFire(sources)).toEqual([]);
  });

  it('leaves a name that is another already to guest-name-differs-from-vm-name', async () => {
    const flipped = { ...guest, 'host.static': 'beta\n', 'host.transient': 'beta' };

    const fired = await rulesThatFire({ ...changed, guest: flipped });

    expect(fired).toContain('guest-name-differs-from-vm-name');
    expect(fired).not.toContain('flips-back-at-boot');
  });

  it('is silent when the snippet or the guest could not be read', async () => {
    const refused = refusal('timeout');

    expect(await found({ ...changed, guest, seed: { user: refused } })).toBeUndefined();
    expect(await found({ ...changed, guest, inside: refused, ssh: refused })).toBeUndefined();
  });
});
