import { describe, expect, it } from 'vitest';
import { dhcpcdClient, snapshotWith, type ViewChanges } from '../../../test/support/client-states.ts';
import { wholeLadder } from '../ladder.ts';

const templateName = { static: 'template', believedStatic: 'template', transient: 'template' };

function rungs(changes: ViewChanges, lease = 'template'): string[] {
  const client = changes.client ?? dhcpcdClient();
  return wholeLadder(snapshotWith({ ...changes, client }, lease), 'alpha').map(
    ({ kind, disruption, lasts }) => `${kind} ${disruption} ${lasts}`,
  );
}

const named = (name: string, file = '/etc/dhcpcd.conf') =>
  dhcpcdClient({ now: { from: 'profile', name, file }, nextBoot: { from: 'profile', name, file } });

describe('dhcpcdRungs', () => {
  it('asks once more with the kernel’s name where only the lease is wrong', () => {
    expect(rungs({})).toEqual([
      'rebind-lease renew request',
      'restart-client renew request',
      'reboot-guest reboot request',
    ]);
  });

  it.each(['4', '6'] as const)('repeats the family flag -%s, or a second client would start', (family) => {
    const client = dhcpcdClient({ family });

    expect(wholeLadder(snapshotWith({ client }, 'template'), 'alpha')[0]).toMatchObject({
      family,
      device: 'ens18',
    });
  });

  it('names no family where it runs for both', () => {
    const [rebind] = wholeLadder(snapshotWith({ client: dhcpcdClient() }, 'template'), 'alpha');

    expect(rebind).not.toHaveProperty('family');
  });

  it('sets the kernel’s name before it asks, for it is the one that is sent', () => {
    expect(rungs({ host: { transient: 'template' } })).toEqual([
      'set-transient-name none boot',
      'rebind-lease renew request',
      'restart-client renew request',
      'reboot-guest reboot request',
    ]);
    expect(rungs({ host: templateName })).toEqual([
      'set-transient-name none boot',
      'rebind-lease renew request',
      'restart-client renew request',
      'reboot-guest reboot request',
    ]);
  });

  it('sets the kernel’s name also where the lease is right: the next renewal would carry the old one', () => {
    expect(rungs({ host: { transient: 'template' } }, 'alpha')).toEqual(['set-transient-name none boot']);
  });

  it('takes a stale name out of dhcpcd.conf, and restarts the client, for a rebind would take the address away', () => {
    const [clear] = wholeLadder(snapshotWith({ client: named('old'), debian: true }, 'old'), 'alpha');

    expect(rungs({ client: named('old'), debian: true }, 'old')).toEqual([
      'clear-conf-name none always',
      'restart-client renew request',
    ]);
    expect(clear).toMatchObject({ file: '/etc/dhcpcd.conf', stale: 'old' });
  });

  it('does not rebind once the file was edited, but restarts', () => {
    const host = { transient: 'template' };
    const [clear] = wholeLadder(snapshotWith({ client: named('old'), debian: true, host }, 'old'), 'alpha');
    if (clear === undefined) throw new Error('nothing is to be cleared');
    const edited = snapshotWith({ client: dhcpcdClient(), debian: true, host }, 'old');

    const rest = wholeLadder(edited, 'alpha', [clear]);

    expect(rest.map(({ kind }) => kind)).toEqual(['set-transient-name', 'restart-client', 'reboot-guest']);
  });

  it('edits no other file than its own', () => {
    expect(rungs({ client: named('old', '/lib/dhcpcd/hook') }, 'old')).not.toContain(
      'clear-conf-name none always',
    );
  });

  it('has nothing to do where lease and name are right', () => {
    expect(rungs({}, 'alpha')).toEqual([]);
    expect(rungs({ client: named('Alpha') }, 'ALPHA')).toEqual([]);
  });
});
