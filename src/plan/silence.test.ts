import { describe, expect, it } from 'vitest';
import {
  dhcpcdClient,
  networkdClient,
  networkManagerClient,
  viewWith,
} from '../../test/support/client-states.ts';
import type { GuestView } from '../domain/snapshot.ts';
import { loudAgain, silenceRungs, unsilenced } from './silence.ts';

const wanted = 'alpha' as never;
const none = { from: 'nothing', why: 'SendHostname=no' } as const;
const device = 'ens19';
const debian = true;

/** What is said of one other NIC. */
function of(view: GuestView): { rungs: readonly unknown[]; unsilenced: string[]; again: string[] } {
  return {
    rungs: silenceRungs([view], wanted, undefined),
    unsilenced: unsilenced([view], wanted, undefined),
    again: loudAgain([view], wanted, undefined),
  };
}

const nothing = { rungs: [], unsilenced: [], again: [] };

describe('silenceRungs', () => {
  it('lets a saved profile of NetworkManager send no name, for good', () => {
    const [rung] = silenceRungs(
      [viewWith({ client: networkManagerClient({ device }), debian })],
      wanted,
      undefined,
    );

    expect(rung).toEqual({
      kind: 'silence-profile',
      client: 'network-manager',
      device,
      connection: 'u-1',
      copy: 'saved',
      disruption: 'renew',
      reach: 'guest',
      lasts: 'always',
    });
  });

  it.each([
    ['below /run', { uuid: 'u', id: 'i', file: '/run/x', storage: 'run' as const }],
    [
      'that leads into a store',
      { uuid: 'u', id: 'i', file: '/etc/x', storage: 'etc' as const, linksTo: '/nix/x' },
    ],
  ])('lets a profile %s send none until the next boot', (_where, connection) => {
    const view = viewWith({ client: networkManagerClient({ device, connection }) });

    expect(silenceRungs([view], wanted, undefined)).toMatchObject([{ copy: 'in-force', lasts: 'boot' }]);
  });

  it.each([
    ['that NetworkManager made up, for good', 'Wired connection 2.nmconnection', 'saved', 'always'],
    ['that netplan writes at each boot, until then', 'netplan-eth1.nmconnection', 'in-force', 'boot'],
  ] as const)('lets a profile below /run %s send none on Debian', (_what, name, copy, lasts) => {
    const file = `/run/NetworkManager/system-connections/${name}`;
    const connection = { uuid: 'u', id: 'i', file, storage: 'run' as const };
    const view = viewWith({ client: networkManagerClient({ device, connection }), debian });

    expect(silenceRungs([view], wanted, undefined)).toMatchObject([{ copy, lasts }]);
  });

  it.each([
    ['Debian, for good', true, '/etc', 'always'],
    ['NixOS, until the next boot', undefined, '/run', 'boot'],
  ])('silences a link of systemd-networkd on %s', (_system, isDebian, folder, lasts) => {
    const view = viewWith({ client: networkdClient({ device }), ...(isDebian === true ? { debian } : {}) });

    expect(silenceRungs([view], wanted, undefined)).toMatchObject([
      {
        kind: 'silence-link',
        device,
        path: `${folder}/systemd/network/10-lan.network.d/zz-truename.conf`,
        lasts,
      },
    ]);
  });

  it('names a NIC whose client cannot be told to send none', () => {
    expect(of(viewWith({ client: dhcpcdClient({ device }) }))).toEqual({ ...nothing, unsilenced: [device] });
  });

  it.each<[string, GuestView]>([
    ['sends no name', viewWith({ client: networkManagerClient({ device, sendsName: false }) })],
    [
      'sends another name',
      viewWith({ client: networkManagerClient({ device, savedName: 'x', appliedName: 'x' }) }),
    ],
    ['has no client that is known', { ...viewWith({}), client: undefined }],
  ])('leaves a NIC alone that %s', (_what, view) => {
    expect(of(view)).toEqual(nothing);
  });

  it('silences one that would compete from its next boot on, where that lasts', () => {
    const view = viewWith({ client: networkdClient({ device, now: none }), debian });

    expect(of(view).rungs).toMatchObject([{ kind: 'silence-link', lasts: 'always' }]);
    expect(of(view).again).toEqual([]);
  });

  it('only says so where it would be loud again after each boot', () => {
    const view = viewWith({ client: networkdClient({ device, now: none }) });

    expect(of(view)).toEqual({ ...nothing, again: [device] });
  });

  it('goes by the first label, in any letters', () => {
    const client = networkManagerClient({ device, savedName: 'ALPHA.lan', appliedName: 'ALPHA.lan' });

    expect(of(viewWith({ client })).rungs).toHaveLength(1);
  });
});

describe('two NICs that systemd-networkd configures by one file', () => {
  const first = viewWith({ client: networkdClient({ device: 'ens18' }), debian });
  const second = viewWith({ client: networkdClient({ device: 'ens19' }), debian });

  it('are not silenced, as that would silence both, and it is said', () => {
    expect(silenceRungs([second], wanted, first)).toEqual([]);
    expect(unsilenced([second], wanted, first)).toEqual(['ens19']);
  });
});
