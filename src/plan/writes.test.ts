import { describe, expect, it } from 'vitest';
import { networkManagerClient, viewWith } from '../../test/support/client-states.ts';
import { everyRemedy } from '../../test/support/every-remedy.ts';
import type { GuestWrite } from '../domain/journal.ts';
import type { Remedy } from '../domain/remedy.ts';
import { writesOf } from './writes.ts';

const view = viewWith({
  client: networkManagerClient({ savedName: 'saved', appliedName: 'applied' }),
  host: { static: 'template', transient: 'template' },
});

/** The remedy of this kind; texts of others are `x`. */
function remedy<Kind extends Remedy['kind']>(kind: Kind): Extract<Remedy, { kind: Kind }> {
  const found = everyRemedy('x').find((each) => each.kind === kind);
  return found as Extract<Remedy, { kind: Kind }>;
}

describe('writesOf', () => {
  it.each<[Remedy['kind'], GuestWrite[]]>([
    [
      'set-static-name',
      [
        { kind: 'static-name', was: 'x', wrote: 'alpha' },
        { kind: 'transient-name', was: 'template', wrote: 'alpha' },
      ],
    ],
    ['set-transient-name', [{ kind: 'transient-name', was: 'x', wrote: 'alpha' }]],
    [
      'set-profile-name',
      [{ kind: 'profile-name', connection: 'x', copy: 'saved', was: 'saved', wrote: 'alpha' }],
    ],
    [
      'clear-profile-name',
      [{ kind: 'profile-name', connection: 'x', copy: 'saved', was: 'saved', wrote: '' }],
    ],
    [
      'silence-profile',
      [{ kind: 'profile-sends-name', connection: 'x', copy: 'in-force', was: true, wrote: false }],
    ],
    ['write-drop-in', [{ kind: 'drop-in', path: 'x', was: { name: 'x' }, wrote: { name: 'alpha' } }]],
    ['silence-link', [{ kind: 'drop-in', path: 'x', was: null, wrote: 'send-none' }]],
    ['reload-link', [{ kind: 'drop-in', path: 'x', was: null, wrote: 'nothing' }]],
    ['clear-conf-name', [{ kind: 'conf-name', file: 'x', was: 'x', wrote: '' }]],
    ['refresh-static-name', []],
    ['force-renewal', []],
    ['activate-connection', []],
    ['bounce-connection', []],
    ['reconfigure-link', []],
    ['rebind-lease', []],
    ['restart-client', []],
    ['reboot-guest', []],
  ])('says what %s writes, and what stood there', (kind, writes) => {
    expect(writesOf(remedy(kind), view)).toEqual(writes);
  });

  it('goes by the copy that is changed, for the other may hold another name', () => {
    const inForce = { ...remedy('clear-profile-name'), copy: 'in-force' } as const;

    expect(writesOf(inForce, view)).toMatchObject([{ was: 'applied' }]);
  });

  it('puts no name into the journal that never stood in the file', () => {
    const passing = viewWith({ client: networkManagerClient({ savedName: '', appliedName: 'applied' }) });

    expect(writesOf({ ...remedy('clear-profile-name'), stale: 'applied' }, passing)).toEqual([]);
  });

  it('says that a profile which was set to send none is let speak', () => {
    const silent = viewWith({ client: networkManagerClient({ sendsName: false }) });

    expect(writesOf(remedy('set-profile-name'), silent)).toEqual([
      { kind: 'profile-name', connection: 'x', copy: 'saved', was: '', wrote: 'alpha' },
      { kind: 'profile-sends-name', connection: 'x', copy: 'saved', was: false, wrote: true },
    ]);
  });

  it('has no drop-in before its own first one', () => {
    expect(writesOf({ ...remedy('write-drop-in'), was: '' }, view)).toMatchObject([{ was: null }]);
  });

  it('leaves a kernel’s name out that is right already, or that nobody saw', () => {
    const right = viewWith({ host: { static: 'template', transient: 'alpha' } });

    expect(writesOf(remedy('set-static-name'), right)).toHaveLength(1);
    expect(writesOf(remedy('set-static-name'), undefined)).toHaveLength(1);
  });
});
