import { describe, expect, it } from 'vitest';
import { networkdClient, snapshotWith, type ViewChanges } from '../../../test/support/client-states.ts';
import { wholeLadder } from '../ladder.ts';

const folder = '/systemd/network/10-lan.network.d';
const own = `/etc${folder}/zz-truename.conf`;
const runtime = `/run${folder}/zz-truename.conf`;
const templateName = { static: 'template', believedStatic: 'template', transient: 'template' };

/** Kind, disruption and how long each rung holds. */
function rungs(changes: ViewChanges, lease = 'template'): string[] {
  const client = changes.client ?? networkdClient();
  return wholeLadder(snapshotWith({ ...changes, client }, lease), 'alpha').map(
    ({ kind, disruption, lasts }) => `${kind} ${disruption} ${lasts}`,
  );
}

const named = (name: string, file = own) =>
  networkdClient({ now: { from: 'profile', name, file }, nextBoot: { from: 'profile', name, file } });

describe('networkdRungs', () => {
  it('sets the link up with the machine’s name where only the lease is wrong', () => {
    expect(rungs({})).toEqual([
      'reload-link renew request',
      'reconfigure-link blip request',
      'reboot-guest reboot request',
    ]);
  });

  it('sets the machine’s name first on Debian, and then the link up', () => {
    expect(rungs({ debian: true, host: templateName })).toEqual([
      'set-static-name none always',
      'reload-link renew request',
      'reconfigure-link blip request',
    ]);
  });

  it('sets the kernel’s name before the link, for it is the one that is sent', () => {
    const pending = { transient: 'template' };

    expect(rungs({ debian: true, host: pending })).toEqual([
      'set-transient-name none boot',
      'reload-link renew request',
      'reconfigure-link blip request',
      'reboot-guest reboot request',
    ]);
    expect(rungs({ debian: true, host: pending }, 'alpha')).toEqual(['set-transient-name none boot']);
  });

  it('writes no drop-in on NixOS where the kernel’s name is right, and the drop-in would last no longer', () => {
    expect(rungs({ host: { static: '', believedStatic: '' } }, 'alpha')).toEqual([]);
  });

  it('writes the name where the machine’s own was refused, so that it lasts', () => {
    const refused = wholeLadder(
      snapshotWith({ client: networkdClient(), debian: true, host: { ...templateName, transient: 'alpha' } }),
      'alpha',
      [{ kind: 'set-static-name' } as never],
    );

    expect(refused).toMatchObject([{ kind: 'write-drop-in', path: own, lasts: 'always' }]);
  });

  it('writes the name below /run on NixOS, where nobody may set the machine’s', () => {
    expect(rungs({ host: templateName })).toEqual([
      'write-drop-in renew boot',
      'reconfigure-link blip request',
      'reboot-guest reboot request',
    ]);
    const [first] = wholeLadder(
      snapshotWith({ client: networkdClient(), host: templateName }, 'template'),
      'alpha',
    );
    expect(first).toMatchObject({ path: runtime, device: 'ens18', name: 'alpha', was: '' });
  });

  it('writes its own drop-in over a name in the file, and keeps what an earlier run wrote', () => {
    const [over] = wholeLadder(
      snapshotWith({ client: named('old', '/etc/systemd/network/10-lan.network'), debian: true }, 'old'),
      'alpha',
    );
    const [again] = wholeLadder(snapshotWith({ client: named('old'), debian: true }, 'old'), 'alpha');

    expect(over).toMatchObject({ kind: 'write-drop-in', path: own, was: '', lasts: 'always' });
    expect(again).toMatchObject({ kind: 'write-drop-in', path: own, was: 'old' });
  });

  it('puts the drop-in beside a file in another folder under /etc', () => {
    const client = { ...named('old', '/x'), file: '/usr/lib/systemd/network/80-vm.network' };

    expect(wholeLadder(snapshotWith({ client, debian: true }), 'alpha')).toMatchObject([
      { path: '/etc/systemd/network/80-vm.network.d/zz-truename.conf' },
    ]);
  });

  it('reloads by a drop-in that says nothing and is gone after a boot', () => {
    const [reload] = wholeLadder(snapshotWith({ client: networkdClient() }, 'template'), 'alpha');

    expect(reload).toMatchObject({ path: `/run${folder}/zz-truename-reload.conf`, reach: 'guest' });
  });

  it('only writes the name where the lease is right and the next renewal would not be', () => {
    expect(rungs({ client: named('old'), debian: true }, 'alpha')).toEqual(['write-drop-in renew always']);
  });

  it('lets a link that sends no name send it', () => {
    const none = { from: 'nothing', why: 'SendHostname=no' } as const;

    expect(rungs({ client: networkdClient({ now: none, nextBoot: none }), debian: true }, 'alpha')).toEqual([
      'write-drop-in renew always',
    ]);
  });

  it('has nothing to do where lease and name are right', () => {
    expect(rungs({}, 'alpha')).toEqual([]);
    expect(rungs({ client: named('Alpha') }, 'ALPHA')).toEqual([]);
  });
});
