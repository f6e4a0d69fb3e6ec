import { describe, expect, it } from 'vitest';
import {
  networkdClient,
  networkManagerClient,
  type ViewChanges,
  viewWith,
} from '../../test/support/client-states.ts';
import { evidence } from '../../test/support/fix-subject.ts';
import { system } from '../../test/support/sample-snapshot.ts';
import type { GuestView } from '../domain/snapshot.ts';
import { deliberateNames } from './deliberate.ts';

const known = { templates: ['debian-13'], lastWritten: 'beta' };

function found(view: GuestView): string[] {
  return deliberateNames(evidence(), view, known).map(({ name, where }) => `${name} in ${where}`);
}

/** A guest in which a name stands in every place that a person may have written to. */
function everywhere(name: string): GuestView {
  const client = networkManagerClient({ savedName: name, appliedName: name });
  const view = viewWith({ client, host: { static: name, believedStatic: name, transient: name } });
  return { ...view, nixos: { booted: undefined, current: undefined, next: system(name) } };
}

const file = '/etc/NetworkManager/system-connections/w';
const drop = '/etc/systemd/network/x.d/10-name.conf';

describe('deliberateNames', () => {
  it.each([
    ['the wanted one', 'alpha'],
    ['the wanted one in other letters', 'ALPHA'],
    ['the wanted one with a domain', 'Alpha.mgmt.internal'],
    ['a template’s', 'tappaas-nixos'],
    ['a template’s in other letters, with a domain', 'TAPPAAS-NIXOS.lan'],
    ['that of a template of the site', 'debian-13'],
    ['what Truename wrote last', 'beta'],
    ['what Truename wrote last, with a domain', 'beta.mgmt.internal'],
    ['none', ''],
    ['localhost', 'localhost'],
    ['localhost with a domain', 'localhost.localdomain'],
    ['none, in the kernel’s word', '(none)'],
  ])('finds no purpose in %s', (_what, name) => {
    expect(found(everywhere(name))).toEqual([]);
  });

  it('finds none in the kernel’s name alone, which a lease may have set', () => {
    expect(found(viewWith({ host: { transient: 'web7' } }))).toEqual([]);
    expect(found(viewWith({ client: networkdClient(), host: { transient: 'web7' } }))).toEqual([]);
  });

  const other = (name: string) => ({ from: 'profile', name, file: drop }) as const;

  it.each<[string, ViewChanges, string]>([
    ['the static name', { host: { static: 'web7' } }, 'web7 in /etc/hostname'],
    [
      'the saved profile',
      { client: networkManagerClient({ savedName: 'web7', appliedName: '' }) },
      `web7 in ${file}`,
    ],
    ['the profile in force', { client: networkManagerClient({ appliedName: 'web7' }) }, `web7 in ${file}`],
    ['a drop-in', { client: networkdClient({ now: other('web7') }) }, `web7 in ${drop}`],
    [
      'a drop-in of the next boot',
      { client: networkdClient({ nextBoot: other('web7') }) },
      `web7 in ${drop}`,
    ],
    [
      'what the client believes',
      { client: networkManagerClient({ believedStatic: 'web7' }) },
      'web7 in the DHCP client',
    ],
  ])('finds one in %s', (_where, changes, name) => {
    expect(found(viewWith(changes))).toEqual([name]);
  });

  it('finds one in the declaration of the next system', () => {
    const view = viewWith({});

    expect(found({ ...view, nixos: { ...view.nixos, next: system('web7') } })).toEqual([
      'web7 in the declaration of the next system',
    ]);
  });

  it('names each name once, where it stands first', () => {
    expect(found(everywhere('web7'))).toEqual(['web7 in /etc/hostname']);
  });

  it('takes any name for purpose where Truename never wrote one', () => {
    expect(deliberateNames(evidence(), everywhere('beta'), { templates: [] })).toMatchObject([
      { name: 'beta' },
    ]);
  });
});
