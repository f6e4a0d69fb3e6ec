import { describe, expect, it } from 'vitest';
import type { ListedProfile, SavedProfile } from './profiles.ts';
import { rivals } from './rivals.ts';

const holder = { uuid: 'own', device: 'ens18', mac: 'bc:24:11:00:00:01', type: '802-3-ethernet' };
const listed: ListedProfile = { type: '802-3-ethernet', autoconnect: true, file: '/etc/other' };
const saved: SavedProfile = {
  id: 'other',
  interfaceName: '',
  macAddress: '',
  method: 'auto',
  sendsName: true,
  name: 'template',
  fqdn: '',
  clientId: '',
};

function found(list: Partial<ListedProfile>, profile: Partial<SavedProfile>, uuid = 'other') {
  return rivals(new Map([[uuid, { ...listed, ...list }]]), () => ({ ...saved, ...profile }), holder);
}

describe('a profile that the next boot could choose', () => {
  it.each<[string, Partial<SavedProfile>, string]>([
    ['for any device', {}, 'template'],
    ['for this device', { interfaceName: 'ens18', macAddress: 'bc:24:11:00:00:01' }, 'template'],
    ['with a whole name for option 81', { name: '', fqdn: 'whole.mgmt.internal' }, 'whole'],
  ])('is one %s', (_what, profile, name) => {
    expect(found({}, profile)).toEqual([{ file: '/etc/other', name }]);
  });

  it.each<[string, Partial<ListedProfile>, Partial<SavedProfile>]>([
    ['is not activated by itself', { autoconnect: false }, {}],
    ['is for another kind of device', { type: 'bridge' }, {}],
    ['is for another device', {}, { interfaceName: 'ens19' }],
    ['is for another address', {}, { macAddress: 'bc:24:11:00:00:02' }],
    ['has a fixed address', {}, { method: 'manual' }],
    ['sends no name', {}, { sendsName: false }],
    ['holds no name', {}, { name: '' }],
  ])('is none that %s', (_what, list, profile) => {
    expect(found(list, profile)).toEqual([]);
  });

  it('is none that is active now, or that could not be read', () => {
    expect(found({}, {}, 'own')).toEqual([]);
    expect(rivals(new Map([['other', listed]]), () => undefined, holder)).toEqual([]);
  });
});
