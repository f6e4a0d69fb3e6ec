import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { networkManagerProbe } from './probe.ts';

const uuid = '7e29ba7d-0f25-4e49-8b1e-5b7a3f0c9a11';
const file = '/etc/NetworkManager/system-connections/Wired connection 1.nmconnection';

/** What both versions print alike for a device that leased with a name of its profile. */
const common = {
  '1.device': 'ens18',
  '1.uuid': uuid,
  '1.path': '/org/freedesktop/NetworkManager/Devices/2',
  '1.state': '100 (connected)',
  '1.id': 'Wired connection 1',
  '1.file': file,
  '1.saved.method': 'auto',
  '1.saved.dhcp-hostname': 'alpha',
  '1.applied.rc': 0,
  '1.applied':
    '{"type":"a{sa{sv}}t","data":[{"ipv4":{"dhcp-hostname":{"type":"s","data":"beta"},"dhcp-timeout":{"type":"i","data":46}}},14]}',
  '1.dhcp4.rc': 0,
  '1.dhcp4':
    'DHCP4.OPTION[2]:expiry = 1767272400\nDHCP4.OPTION[4]:host_name = gamma\nDHCP4.OPTION[9]:requested_host_name = 1',
};
const old = { version: '1.42.4', ...common, '1.saved.dhcp-send-hostname': 'yes' };
const current = { version: '1.52.1', ...common, '1.saved.dhcp-send-hostname': '-1' };

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
      acknowledgedName: 'gamma',
      leaseExpiresAt: '2026-01-01T13:00:00.000Z',
      otherNames: [],
    });
  });

  it.each([
    ['no', old, false],
    ['yes', old, true],
    ['0', current, false],
    ['1', current, true],
    ['-1', current, true],
  ])('sends a name with dhcp-send-hostname %s as the version means it', (printed, values, sends) => {
    expect(parse({ ...values, '1.saved.dhcp-send-hostname': printed })?.sendsName).toBe(sends);
  });

  it('is that of the bridge and not of its port, which has no IPv4 settings', () => {
    const port = { '1.device': 'ens18', '1.uuid': 'a-b', '1.saved.method': '' };
    const bridge = Object.entries(common).map(([key, value]) => [key.replace('1.', '2.'), value]);

    const state = parse({ version: '1.52.1', ...port, ...Object.fromEntries(bridge), '2.device': 'br0' });

    expect(state).toMatchObject({ device: 'br0', connection: { uuid } });
  });

  it.each<[string, Record<string, string | number>]>([
    ['nothing was printed', {}],
    ['no device has a connection', { version: '1.52.1' }],
    ['the address is fixed', { ...current, '1.saved.method': 'manual' }],
  ])('is none when %s', (_what, values) => {
    expect(parse(values)).toBeUndefined();
  });

  it('leaves open what could not be read', () => {
    const state = parse({ ...current, '1.applied.rc': 1, '1.dhcp4': '' });

    expect(state).toMatchObject({
      appliedName: undefined,
      appliedVersion: undefined,
      leaseExpiresAt: undefined,
      acknowledgedName: undefined,
    });
    expect(parse({ ...current, '1.dhcp4': 'DHCP4.OPTION[2]:expiry = soon' })?.leaseExpiresAt).toBeUndefined();
  });

  it('tells an applied copy without a name from one that could not be read', () => {
    expect(parse({ ...current, '1.applied': '{"data":[{"ipv4":{}},3]}' })).toMatchObject({
      appliedName: '',
      appliedVersion: 3,
    });
  });

  it('is not activated while it waits for an address', () => {
    expect(parse({ ...current, '1.state': '70 (connecting (getting IP configuration))' })?.activated).toBe(
      false,
    );
  });

  it.each([
    ['/run/NetworkManager/system-connections/x.nmconnection', 'run'],
    ['/usr/lib/NetworkManager/system-connections/x.nmconnection', 'usr-lib'],
    ['', 'memory'],
  ])('keeps a profile in %s as long as the folder lasts', (path, storage) => {
    expect(parse({ ...current, '1.file': path })?.connection.storage).toBe(storage);
  });

  it('knows the other profiles that the next boot could choose for the device', () => {
    const other = (n: number, values: Record<string, string>) =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [`other.${n}.${key}`, value]));

    const state = parse({
      ...current,
      ...other(1, { uuid, name: 'alpha', interface: '', file }),
      ...other(2, { uuid: 'b', name: 'template', interface: '', file: '/etc/b' }),
      ...other(3, { uuid: 'c', name: 'elsewhere', interface: 'ens19', file: '/etc/c' }),
      ...other(4, { uuid: 'd', name: 'bound', interface: 'ens18', file: '/etc/d' }),
    });

    expect(state?.otherNames).toEqual([
      { file: '/etc/b', name: 'template' },
      { file: '/etc/d', name: 'bound' },
    ]);
  });
});
