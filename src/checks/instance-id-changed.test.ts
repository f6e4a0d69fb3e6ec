import { describe, expect, it } from 'vitest';
import { type RawSources, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { notNixos as guest } from '../../test/support/raw-guest.ts';

const generated = '1111111111111111111111111111111111111111';
const earlier = '2222222222222222222222222222222222222222';
const key = (letter: string) => `ssh-ed25519 ${letter.repeat(68)}`;
/** Something of the VM was changed since its last start. */
const willChange: RawSources = { guest: { ...guest, 'ci.instance': earlier } };
/** It was started since, and its host keys are new. */
const hasChanged: RawSources = {
  pinned: [key('A')],
  guest: {
    ...guest,
    'ci.instance': generated,
    'ci.fetched': '1767268700',
    'ci.added': '1767268710',
    'ci.other': earlier,
    'keys.1': `${key('B')}\n`,
  },
};

async function found(changes: RawSources) {
  return (await rawFindings(changes)).find(({ rule }) => rule === 'instance-id-changed');
}

describe('instance-id-changed', () => {
  it('warns of a next start with another id', async () => {
    const finding = await found(willChange);

    expect(finding).toMatchObject({
      severity: 'risk',
      link: 'cloud-init',
      summary: expect.stringMatching(/^The next start gives cloud-init another instance-id/),
    });
    expect(finding?.evidence.map(({ what, value }) => [what, value])).toEqual([
      ['instance-id of the last start', earlier],
      ['instance-id of the next start', generated],
    ]);
    expect(finding?.remedies.map(({ kind }) => kind)).toEqual([
      'keep-host-keys',
      'edit-cloud-init',
      'update-pin',
    ]);
    expect(finding?.remedies[1]?.how).toContain(`\`instance-id: ${earlier}\``);
  });

  it('says of new host keys that they came with a new id', async () => {
    const finding = await found(hasChanged);

    expect(finding).toMatchObject({ severity: 'notice', link: 'cloud-init' });
    expect(finding?.evidence.map(({ value }) => value)).toEqual([generated, earlier, 'not the pinned ones']);
    expect(finding?.remedies.map(({ kind }) => kind)).toEqual(['keep-host-keys', 'update-pin']);
  });

  it('excuses no host keys that changed while the id did not', async () => {
    const same = { ...hasChanged.guest, 'ci.added': '1767268600' };

    expect(await rulesThatFire({ ...hasChanged, guest: same })).toEqual([]);
  });

  it('says nothing where the keys are the pinned ones', async () => {
    expect(await rulesThatFire({ ...hasChanged, pinned: [key('B')] })).toEqual([]);
  });

  it('leaves a snippet with another name to flips-back-at-boot, as its id cannot be known', async () => {
    const configuration = { cicustom: 'user=local:snippets/web.yaml' };

    expect(
      await rulesThatFire({
        ...willChange,
        configuration,
        seed: { user: '#cloud-config\nhostname: beta\n' },
      }),
    ).toEqual(['flips-back-at-boot']);
  });

  it('knows the id that a snippet with meta-data gives', async () => {
    const configuration = { cicustom: 'user=local:snippets/web.yaml,meta=local:snippets/meta.yaml' };
    const user = '#cloud-config\nhostname: alpha\n';

    expect(
      await found({ ...willChange, configuration, seed: { user, meta: 'instance-id: fixed\n' } }),
    ).toBeDefined();
    expect(
      await found({ ...willChange, configuration, seed: { user, meta: `instance-id: ${earlier}\n` } }),
    ).toBeUndefined();
  });

  it('follows from a rename that the guest has not heard of', async () => {
    const renamed = {
      ...willChange.guest,
      'host.static': 'old\n',
      'host.transient': 'old',
      'ci.user.hostname': 'hostname: old',
    };

    expect(await rulesThatFire({ guest: renamed })).toEqual(
      expect.arrayContaining(['instance-id-changed', 'guest-name-differs-from-vm-name']),
    );
  });

  it('is silent when the data of the next start, or the guest, could not be read', async () => {
    const refused = refusal('timeout');

    expect(await found({ ...willChange, seed: { meta: refused } })).toBeUndefined();
    expect(await found({ ...willChange, inside: refused, ssh: refused })).toBeUndefined();
    expect(
      await found({ ...willChange, guest: { ...willChange.guest, 'ci.disabled': '1' } }),
    ).toBeUndefined();
  });
});
