import { describe, expect, it } from 'vitest';
import { type RawSources, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';
import { networkManagerTexts, notNixos } from '../../test/support/raw-guest.ts';

/** A guest without NixOS that calls itself otherwise; its profile holds the right name, so that nothing else is wrong. */
const another = { ...notNixos, 'host.static': 'old\n', 'host.transient': 'old' };
const client = networkManagerTexts({ profiles: [{ name: 'alpha' }] });
const custom = { cicustom: 'user=local:snippets/web.yaml' };

function machine(changes: RawSources['guest'] = {}, more: RawSources = {}): RawSources {
  return { client, guest: { ...another, ...changes }, ...more };
}

async function found(changes: RawSources) {
  return (await rawFindings(changes)).find(({ rule }) => rule === 'guest-name-differs-from-vm-name');
}

describe('guest-name-differs-from-vm-name', () => {
  it('fires for a snippet that has no host name', async () => {
    const finding = await found(
      machine({}, { configuration: custom, seed: { user: '#cloud-config\nusers: []\n' } }),
    );

    expect(finding).toMatchObject({
      severity: 'fault',
      link: 'static',
      summary:
        'The guest calls itself "old" and not "alpha": no host name was found in its own cloud-init data (local:snippets/web.yaml).',
    });
    expect(finding?.evidence.map(({ what, value }) => [what, value])).toEqual([
      ['name at the hypervisor', 'alpha'],
      ['static name', 'old'],
      ['name for the next start', 'none'],
    ]);
    expect(finding?.remedies.map(({ kind, disruption }) => [kind, disruption])).toEqual([
      ['set-static-name', 'none'],
      ['rename-guest', 'none'],
      ['edit-cloud-init', 'reboot'],
    ]);
  });

  it.each<[string, RawSources, RegExp, string[]]>([
    [
      'a snippet with another name',
      machine({}, { configuration: custom, seed: { user: '#cloud-config\nhostname: old\n' } }),
      /its own cloud-init data \(local:snippets\/web\.yaml\) gives it "old"/,
      ['set-static-name', 'rename-guest', 'edit-cloud-init'],
    ],
    [
      'a VM that was not started since it was renamed',
      machine({ 'ci.user.hostname': 'hostname: old' }),
      /cloud-init was given "old" and is given the right one at the next start from outside/,
      ['set-static-name', 'rename-guest', 'regenerate-cloud-init'],
    ],
    [
      'a guest in which somebody changed the name',
      machine(),
      /leaves a name alone that was changed since/,
      ['set-static-name', 'rename-guest'],
    ],
    [
      'a cloud-init that failed',
      machine({ 'ci.result': '{"v1":{"errors":["read-only file system"]}}' }),
      /ended with errors/,
      ['set-static-name', 'rename-guest'],
    ],
    [
      'preserve_hostname',
      machine({ 'ci.preserve': 'preserve_hostname: true' }),
      /preserve_hostname/,
      ['set-static-name', 'rename-guest'],
    ],
    [
      'a cloud-init that is disabled',
      machine({ 'ci.disabled': '1' }),
      /cloud-init is disabled/,
      ['set-static-name', 'rename-guest'],
    ],
    [
      'no cloud-init',
      machine({ 'ci.installed': undefined }),
      /not installed/,
      ['set-static-name', 'rename-guest'],
    ],
    [
      'no drive',
      machine({}, { configuration: { ide2: undefined } }),
      /no cloud-init drive/,
      ['set-static-name', 'rename-guest'],
    ],
    [
      'cloud-init data that could not be read',
      machine({}, { seed: { user: refusal('timeout') } }),
      /why could not be seen/,
      ['set-static-name', 'rename-guest'],
    ],
    [
      'a container',
      machine({ 'ci.installed': undefined }, { row: { type: 'lxc' } }),
      /its node writes the name/,
      ['set-static-name', 'rename-guest', 'reboot-guest'],
    ],
  ])('says why: %s', async (_what, sources, because, kinds) => {
    const finding = await found(sources);

    expect(finding?.summary).toMatch(because);
    expect(finding?.remedies.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('is the only one that fires', async () => {
    expect(await rulesThatFire(machine())).toEqual(['guest-name-differs-from-vm-name']);
  });

  it('leaves NixOS to the rules of its declaration', async () => {
    expect(
      await rulesThatFire({ client, guest: { 'host.static': 'old\n', 'host.transient': 'old' } }),
    ).not.toContain('guest-name-differs-from-vm-name');
  });

  it('leaves a static name that is right to static-differs-from-transient', async () => {
    expect(await rulesThatFire(machine({ 'host.static': 'alpha\n' }))).toEqual([
      'static-differs-from-transient',
    ]);
  });

  it('leaves a name that no guest could bear to name-not-legal', async () => {
    expect(
      await found(machine({}, { row: { name: 'my_vm' }, configuration: { name: 'my_vm' } })),
    ).toBeUndefined();
  });

  it.each(['tappaas-nixos', 'localhost', '$(touch x)'])(
    'does not offer to call the VM %s, which nobody may be called',
    async (name) => {
      const finding = await found(machine({ 'host.static': `${name}\n` }));

      expect(finding?.remedies.map(({ kind }) => kind)).not.toContain('rename-guest');
    },
  );

  it('is silent when nobody could look into the guest', async () => {
    const inside = refusal('timeout');

    expect(await found(machine({}, { inside, ssh: inside }))).toBeUndefined();
  });
});
