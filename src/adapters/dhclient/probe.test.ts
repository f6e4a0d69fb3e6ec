import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { dhclientProbe } from './probe.ts';

const conf = '/etc/dhcp/dhclient.conf';
/** As 4.4.3-P1 printed it under ifupdown. */
const debian = {
  version: 'isc-dhclient-4.4.3-P1',
  stanzas: 'iface lo inet loopback\niface eth0 inet dhcp',
  '1.device': 'eth0',
  '1.pid': '70',
  '1.arguments':
    'dhclient\n-4\n-v\n-i\n-pf\n/run/dhclient.eth0.pid\n-lf\n/var/lib/dhcp/dhclient.eth0.leases\n-I\n-df\n/var/lib/dhcp/dhclient6.eth0.leases\neth0',
  '1.mac': 'bc:24:11:4f:96:b3\n',
  '1.addresses.rc': 0,
  '1.addresses':
    '2: eth0    inet 10.2.10.155/24 brd 10.2.10.255 scope global dynamic eth0\\       valid_lft 86136sec preferred_lft 86136sec',
  '1.leases':
    'default-duid "\\000\\001\\000\\0012\\226A\\353\\274$\\021O\\226\\263";\nlease {\n  interface "eth0";\n  fixed-address 10.2.10.155;\n  option host-name "alpha";\n  renew 1 2026/11/23 11:08:10;\n  expire 2 2026/11/24 00:14:43;\n}',
  '1.duid': 'default-duid "\\000\\001\\000\\0012\\226A\\353\\274$\\021O\\226\\263";',
  '1.conf.path': conf,
  '1.conf.text': 'send host-name = gethostname();\nrequest host-name;\n',
  '1.usual.path': conf,
  '1.usual.text': 'send host-name = gethostname();\nrequest host-name;\n',
};
const kernel = { from: 'transient', cut: false, legalOnly: false };

function parse(values: Record<string, string | number>) {
  return dhclientProbe.parse(rawValues(values));
}

describe('the state of dhclient', () => {
  it('is read as Debian runs it', () => {
    expect(parse(debian)).toEqual({
      kind: 'dhclient',
      version: '4.4.3-P1',
      device: 'eth0',
      processes: [70],
      activated: true,
      acknowledgedName: 'alpha',
      leaseExpiresAt: '2026-11-24T00:14:43.000Z',
      clientId: 'ff:11:4f:96:b3:00:01:00:01:32:96:41:eb:bc:24:11:4f:96:b3',
      file: conf,
      now: kernel,
      nextBoot: kernel,
    });
  });

  it('has every process of the device, and none of another', () => {
    const more = { '2.device': 'eth0', '2.pid': '521', '3.device': 'br0', '3.pid': '9' };

    expect(parse({ ...debian, ...more })?.processes).toEqual([70, 521]);
  });

  it('sends by the file of its command line now, and by the usual one when ifupdown starts it', () => {
    const own = { '1.conf.path': '/root/d.conf', '1.conf.text': 'send host-name "beta";' };

    expect(parse({ ...debian, ...own })).toMatchObject({
      file: '/root/d.conf',
      now: { from: 'profile', name: 'beta', file: '/root/d.conf' },
      nextBoot: kernel,
    });
    expect(parse({ ...debian, ...own, stanzas: '' })?.nextBoot).toMatchObject({ name: 'beta' });
  });

  it('sends nothing at the next boot where ifupdown has another method for the device', () => {
    expect(
      parse({ ...debian, stanzas: ' iface  eth0 inet manual\niface eth0 inet6 dhcp' })?.nextBoot,
    ).toMatchObject({
      from: 'nothing',
    });
  });

  it('is not activated when the address is not that of the lease', () => {
    const other = { '1.addresses': '2: eth0    inet 10.2.10.15/24 scope global eth0\\ valid_lft forever' };

    expect(parse({ ...debian, ...other })?.activated).toBe(false);
    expect(parse({ ...debian, '1.leases': '' })).toMatchObject({
      activated: false,
      leaseExpiresAt: undefined,
    });
  });

  it('has no client identifier that is known where -i is missing, or the file gives one of its own', () => {
    const own = { '1.conf.text': 'send dhcp-client-identifier = hardware;' };

    expect(parse({ ...debian, '1.arguments': 'dhclient\neth0' })?.clientId).toBeUndefined();
    expect(parse({ ...debian, ...own })?.clientId).toBeUndefined();
  });

  it('is none when nothing was printed', () => {
    expect(parse({})).toBeUndefined();
  });

  it('is total, and never has a name that no text holds', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'send host-name "$(id)";',
        `send host-name "${'a'.repeat(65_536)}`,
        '{'.repeat(65_536),
        '"\\',
        '}}',
      ),
      fc.constantFrom('\\"'.repeat(32_768), `"${'\\"'.repeat(32_768)}\\`, 'lease {'.repeat(9000)),
      fc.stringMatching(/^[a-z #;{}=]{0,20}$/).map((name) => `send host-name "${name}";`),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(debian)), hostile), (replaced) => {
        const values = { ...debian, ...replaced };
        const state = parse(values);
        for (const rule of [state?.now, state?.nextBoot]) {
          if (rule?.from !== 'profile') continue;
          expect(`${values['1.conf.text']}${values['1.usual.text']}`).toContain(rule.name);
        }
      }),
    );
  });
});
