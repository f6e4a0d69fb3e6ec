import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { networkManagerProbe } from './probe.ts';

const uuid = '7e29ba7d-0f25-4e49-8b1e-5b7a3f0c9a11';
const other = '11111111-1111-4111-8111-111111111111';
const file = '/etc/NetworkManager/system-connections/Wired connection 1.nmconnection';

function saved(own: string, settings: readonly string[], ...free: readonly string[]): string {
  return [own, ...settings, ...free.flatMap((value) => [own, value]), own].join('\n');
}

const port = saved(other, ['', '', ''], '', '', '', 'ens18', 'port');
const show = [
  String.raw`GENERAL.HWADDR:BC\:24\:11\:00\:00\:01`,
  'GENERAL.STATE:100 (connected)',
  `GENERAL.CON-UUID:${uuid}`,
  'GENERAL.DBUS-PATH:/org/freedesktop/NetworkManager/Devices/2',
  String.raw`DHCP4.OPTION[1]:dhcp_client_identifier = 01\:bc\:24\:11\:00\:00\:01`,
  'DHCP4.OPTION[2]:expiry = 1767272400',
  'DHCP4.OPTION[4]:host_name = gamma',
  'DHCP4.OPTION[9]:requested_host_name = 1',
].join('\n');

/** A device that leased with a name of its profile; both versions print it alike but for one word. */
function device(version: string, sends: string) {
  return {
    version,
    'hostname.rc': 0,
    hostname: 'template',
    list: `${uuid}:802-3-ethernet:yes:${file}`,
    'saved.rc': 0,
    saved: saved(uuid, ['auto', sends, ''], 'alpha', '', '', '', 'Wired connection 1'),
    '1.device': 'ens18',
    '1.show': show,
    '1.applied.rc': 0,
    '1.applied':
      '{"type":"a{sa{sv}}t","data":[{"ipv4":{"dhcp-hostname":{"type":"s","data":"beta"},"dhcp-timeout":{"type":"i","data":46}}},14]}',
  };
}
const old = device('1.42.4', 'yes');
const current = device('1.52.1', '-1');

function parse(values: Record<string, string | number>) {
  return networkManagerProbe.parse(rawValues(values));
}

describe('the state of NetworkManager', () => {
  it.each([
    ['1.42', old],
    ['1.52', current],
  ])('is read as %s prints it', (_version, values) => {
    expect(parse(values)).toEqual({
      kind: 'network-manager',
      version: values.version,
      device: 'ens18',
      devicePath: '/org/freedesktop/NetworkManager/Devices/2',
      activated: true,
      connection: { uuid, id: 'Wired connection 1', file, storage: 'etc' },
      savedName: 'alpha',
      appliedName: 'beta',
      appliedVersion: 14,
      appliedTimeout: 46,
      sendsName: true,
      fqdn: '',
      believedStatic: 'template',
      clientId: '01:bc:24:11:00:00:01',
      acknowledgedName: 'gamma',
      leaseExpiresAt: '2026-01-01T13:00:00.000Z',
      otherNames: [],
    });
  });

  it('is that of the bridge and not of its port, which has no IPv4 settings', () => {
    const state = parse({
      ...current,
      list: `${other}:802-3-ethernet:yes:/etc/port\n${uuid}:bridge:yes:${file}`,
      saved: `${port}\n\n${current.saved}`,
      '1.show': show.replace(uuid, other),
      '2.device': 'br0',
      '2.show': show,
    });

    expect(state).toMatchObject({ device: 'br0', connection: { uuid }, appliedName: undefined });
  });

  it.each<[string, Record<string, string | number>]>([
    ['nothing was printed', {}],
    ['no device has a profile', { version: '1.52.1', list: current.list }],
    ['the address is fixed', { ...current, saved: current.saved.replace('auto', 'manual') }],
    ['the profile went away meanwhile', { ...current, saved: '' }],
    ['the profile is in no list', { ...current, list: '' }],
  ])('is none when %s', (_what, values) => {
    expect(parse(values)).toBeUndefined();
  });

  it('leaves open what could not be read', () => {
    const state = parse({
      ...current,
      'hostname.rc': 124,
      '1.applied.rc': 1,
      '1.show': show.replaceAll(/^DHCP4.*$/gm, ''),
    });

    expect(state).toMatchObject({
      appliedName: undefined,
      appliedVersion: undefined,
      believedStatic: undefined,
      clientId: undefined,
      leaseExpiresAt: undefined,
      acknowledgedName: undefined,
    });
  });

  it.each(['soon', '-1', '0', '9'.repeat(20)])('knows no end of a lease that ends at %s', (end) => {
    expect(parse({ ...current, '1.show': show.replace('1767272400', end) })?.leaseExpiresAt).toBeUndefined();
  });

  it('tells an applied copy without a name from one that could not be read', () => {
    expect(parse({ ...current, '1.applied': '{"data":[{"ipv4":{}},3]}' })).toMatchObject({
      appliedName: '',
      appliedVersion: 3,
    });
  });

  it.each([
    ['waits for an address', show.replace('100 (connected)', '70 (connecting (getting IP configuration))')],
    ['is up with no lease for IPv4', show.replaceAll(/^DHCP4.*$/gm, '')],
  ])('is not activated while it %s', (_what, text) => {
    expect(parse({ ...current, '1.show': text })?.activated).toBe(false);
  });

  it.each([
    ['/run/NetworkManager/system-connections/x.nmconnection', 'run'],
    ['/usr/lib/NetworkManager/system-connections/x.nmconnection', 'usr-lib'],
    ['', 'memory'],
  ])('keeps a profile in %s as long as the folder lasts', (path, storage) => {
    const list = current.list.replace(file, path);

    expect(parse({ ...current, list })?.connection).toMatchObject({ storage, file: path });
  });

  it('says where the profile is a link into a store', () => {
    const state = parse({ ...current, '1.link': '/nix/store/x-wired.nmconnection' });

    expect(state?.connection).toMatchObject({ linksTo: '/nix/store/x-wired.nmconnection' });
  });

  it('knows the other profiles that the next boot could choose for the device', () => {
    const state = parse({
      ...current,
      list: `${current.list}\n${other}:802-3-ethernet:yes:/etc/b`,
      saved: `${current.saved}\n\n${saved(other, ['auto', '-1', ''], 'template', '', '', '', 'b')}`,
    });

    expect(state?.otherNames).toEqual([{ file: '/etc/b', name: 'template' }]);
  });

  it('knows the file that a copy below /run covers until the next boot', () => {
    const covering = { ...current, list: current.list.replace(file, `/run/NetworkManager/${uuid}`) };

    expect(parse({ ...covering, '1.under': file, '1.under.name': 'template' })?.otherNames).toEqual([
      { file, name: 'template' },
    ]);
    expect(parse({ ...covering, '1.under': file, '1.under.name': '' })?.otherNames).toEqual([]);
  });

  it('never fails, whatever a guest says', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(show, current.list, current.saved, port, current['1.applied'], '0', '[[[', '\n'),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(current)), text), (values) => {
        expect(() => parse({ ...current, ...values })).not.toThrow();
      }),
    );
  });
});
