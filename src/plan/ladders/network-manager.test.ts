import { describe, expect, it } from 'vitest';
import { networkManagerClient, snapshotWith, type ViewChanges } from '../../../test/support/client-states.ts';
import { system } from '../../../test/support/sample-snapshot.ts';
import type { NetworkManagerState } from '../../domain/dhcp-client.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { wholeLadder } from '../ladder.ts';

const templateName = { static: 'template', believedStatic: 'template', transient: 'template' };
const renewals = [
  'force-renewal renew request',
  'activate-connection blip request',
  'bounce-connection bounce request',
];

function texts(snapshot: Snapshot): string[] {
  return wholeLadder(snapshot, 'alpha').map(
    ({ kind, disruption, lasts }) => `${kind} ${disruption} ${lasts}`,
  );
}

function rungs(changes: ViewChanges, lease = 'template'): string[] {
  return texts(snapshotWith(changes, lease));
}

const named = (savedName: string, appliedName = savedName, more: Partial<NetworkManagerState> = {}) =>
  networkManagerClient({ savedName, appliedName, ...more });

const stored = (storage: NetworkManagerState['connection']['storage'], linksTo?: string) => ({
  connection: { uuid: 'u', id: 'i', file: '/f', storage, ...(linksTo === undefined ? {} : { linksTo }) },
});

/** NixOS on which nobody may set the static name, and whose next system declares that wrong one too. */
function undeclared(client: NetworkManagerState): Snapshot {
  const seen = snapshotWith({ client, host: templateName }, 'template');
  if (seen.guest.seen !== 'value') return seen;
  const nixos = { booted: undefined, current: system('template'), next: system('template') };
  return { ...seen, guest: { ...seen.guest, value: { ...seen.guest.value, nixos } } };
}

describe('networkManagerRungs', () => {
  it('lets it read the static name anew, then makes it ask, harder each time', () => {
    expect(rungs({})).toEqual([
      'refresh-static-name renew request',
      ...renewals,
      'reboot-guest reboot request',
    ]);
  });

  it('sets the static name first on Debian', () => {
    expect(rungs({ debian: true, host: templateName })).toEqual([
      'set-static-name none always',
      'refresh-static-name renew request',
      ...renewals,
    ]);
  });

  it('does not let it read a static name that there is not, or that a profile covers', () => {
    const without = { static: '', believedStatic: '', transient: 'alpha' };

    expect(rungs({ host: without })).toEqual(
      expect.not.arrayContaining(['refresh-static-name renew request']),
    );
    expect(rungs({ client: named('alpha') })).toEqual([...renewals, 'reboot-guest reboot request']);
  });

  it('names the saved profile on NixOS whose static name is wrong and declared so', () => {
    const seen = undeclared(networkManagerClient());

    expect(texts(seen)).toEqual(['set-profile-name renew always', ...renewals]);
    expect(wholeLadder(seen, 'alpha')[0]).toMatchObject({
      copy: 'saved',
      was: '',
      connection: 'u-1',
      name: 'alpha',
    });
  });

  it('names only the copy in force where the next boot is right without it', () => {
    const [first] = wholeLadder(snapshotWith({ host: templateName }, 'template'), 'alpha');

    expect(first).toMatchObject({ kind: 'set-profile-name', copy: 'in-force', lasts: 'boot' });
  });

  it.each([
    ['below /run', stored('run')],
    ['below /usr/lib', stored('usr-lib')],
    ['in memory only', stored('memory')],
    ['that is a link into a store', stored('etc', '/nix/store/x')],
  ])('changes a profile %s in force only', (_where, where) => {
    const [named1] = wholeLadder(undeclared(networkManagerClient(where)), 'alpha');
    const [cleared] = wholeLadder(snapshotWith({ client: named('old', 'old', where) }, 'old'), 'alpha');

    expect(named1).toMatchObject({ kind: 'set-profile-name', copy: 'in-force', lasts: 'boot' });
    expect(cleared).toMatchObject({ kind: 'clear-profile-name', copy: 'in-force', lasts: 'boot' });
    expect(rungs({ client: named('old', '', where) }, 'alpha')).toEqual([]);
    expect(texts(undeclared(named('', 'alpha', where)))).not.toContain('set-profile-name renew boot');
  });

  it('takes a stale name out of a profile where the static name is right, wherever it is held', () => {
    expect(rungs({ client: named('old') }, 'old')).toEqual(['clear-profile-name renew always', ...renewals]);
    expect(wholeLadder(snapshotWith({ client: named('alpha', 'old') }, 'old'), 'alpha')[0]).toMatchObject({
      kind: 'clear-profile-name',
      stale: 'old',
      copy: 'saved',
    });
  });

  it('lets a profile that is set to send none send the name, whatever the static one is', () => {
    const silent = named('', '', { sendsName: false });

    expect(rungs({ client: silent }, 'alpha')).toEqual(['set-profile-name renew always']);
    expect(
      rungs({ client: named('alpha', 'alpha', { sendsName: false, ...stored('run') }) }, 'alpha'),
    ).toEqual(['set-profile-name renew boot']);
  });

  it('lets it read a static name anew where only the lease is right, as one that the server reserves is', () => {
    const old = { client: networkManagerClient({ believedStatic: 'template' }) };

    expect(rungs(old, 'alpha')).toEqual(['refresh-static-name renew request']);
    expect(rungs({ client: networkManagerClient({ believedStatic: 'alpha' }) }, 'alpha')).toEqual([]);
    expect(rungs({ client: named('alpha', 'alpha', { believedStatic: 'template' }) }, 'alpha')).toEqual([]);
  });

  it('has nothing to do where lease and name are right', () => {
    expect(rungs({}, 'alpha')).toEqual([]);
    expect(rungs({ client: named('Alpha'), host: templateName }, 'ALPHA')).toEqual([]);
  });
});
