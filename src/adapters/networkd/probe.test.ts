import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { networkdProbe } from './probe.ts';

const file = '/etc/systemd/network/10-ethernet.network';
const notice = '# This is private data. Do not parse.\n';
const link = `${notice}ADMIN_STATE=configured\nOPER_STATE=routable\nNETWORK_FILE=${file}\n`;
/** As 257 printed it for a container that had leased under its template's name. */
const current = {
  clock: '1767268800',
  version: 'systemd 257 (257.13-1~deb13u1)',
  '1.device': 'eth0',
  '1.link': `${link}NETWORK_FILE_DROPINS=""\nDNS=10.2.10.1\nDHCP_LEASE=/run/systemd/netif/leases/2\n`,
  '1.lease': `${notice}ADDRESS=10.2.10.152\nNETMASK=255.255.255.0\nT1=12h\nT2=21h\nLIFETIME=1d\nDOMAINNAME=mgmt.internal\nHOSTNAME=alpha\nCLIENTID=ffa644f6ed00020000ab11e26e0bdc8d939a8c\n`,
  '1.addresses.rc': 0,
  '1.addresses':
    '2: eth0    inet 10.2.10.152/24 metric 1024 brd 10.2.10.255 scope global dynamic eth0\\       valid_lft 86400sec preferred_lft 86400sec',
  '1.file.1.path': file,
  '1.file.1.text': '[Match]\nName=eth*\n\n[Network]\nDHCP=yes\n',
};
const system = { from: 'transient', cut: false, legalOnly: true };
const dropIn = {
  '1.dropin.1.path': `${file}.d/90-name.conf`,
  '1.dropin.1.text': '[DHCPv4]\nHostname=beta\n',
};
const named = { from: 'profile', name: 'beta', file: `${file}.d/90-name.conf` };

function parse(values: Record<string, string | number>) {
  return networkdProbe.parse(rawValues(values));
}

describe('the state of networkd', () => {
  it('is read as 257 shows it', () => {
    expect(parse(current)).toEqual({
      kind: 'networkd',
      version: '257',
      device: 'eth0',
      activated: true,
      acknowledgedName: 'alpha',
      leaseExpiresAt: '2026-01-02T12:00:00.000Z',
      clientId: 'ff:a6:44:f6:ed:00:02:00:00:ab:11:e2:6e:0b:dc:8d:93:9a:8c',
      file,
      dropIns: [],
      now: system,
      nextBoot: system,
    });
  });

  it('takes a drop-in from the disk where the record of 252 lists none', () => {
    const state = parse({ ...current, version: 'systemd 252 (252.39-1~deb12u2)', '1.link': link, ...dropIn });

    expect(state).toMatchObject({ version: '252', dropIns: [named.file], now: named, nextBoot: named });
  });

  it('has a drop-in in force that the record lists, and not one that was written since', () => {
    const listed = `${link}NETWORK_FILE_DROPINS="${named.file}"\n`;

    expect(parse({ ...current, ...dropIn, '1.link': listed })).toMatchObject({
      dropIns: [named.file],
      now: named,
    });
    expect(parse({ ...current, ...dropIn })).toMatchObject({ dropIns: [], now: system, nextBoot: named });
  });

  it('leaves out a drop-in that is masked, though networkd lists it', () => {
    const listed = `${link}NETWORK_FILE_DROPINS="${named.file}"\n`;

    expect(parse({ ...current, ...dropIn, '1.dropin.1.text': '', '1.link': listed })).toMatchObject({
      dropIns: [],
      now: system,
    });
  });

  it('loses a drop-in in /run at the next boot', () => {
    const path = '/run/systemd/network/10-ethernet.network.d/50 odd:$(x).conf';
    const listed = `${link}NETWORK_FILE_DROPINS="${path.replace('odd:', 'odd\\x3a')}"\n`;

    const state = parse({ ...current, ...dropIn, '1.dropin.1.path': path, '1.link': listed });

    expect(state).toMatchObject({ now: { from: 'profile', name: 'beta', file: path }, nextBoot: system });
  });

  it('loses a whole file in /run at the next boot', () => {
    const path = '/run/systemd/network/10-ethernet.network';

    const state = parse({ ...current, '1.file.1.path': path, '1.link': `NETWORK_FILE=${path}\n` });

    expect(state?.now).toEqual(system);
    expect(state?.nextBoot).toMatchObject({ from: 'nothing' });
  });

  it('is that of the bridge and not of its port', () => {
    const port = {
      '1.device': 'eth0',
      '1.link': 'NETWORK_FILE=/p\n',
      '1.file.1.path': '/p',
      '1.file.1.text': '',
    };
    const bridge = Object.entries(current).map(([key, value]) => [key.replace(/^1\./, '2.'), value]);

    expect(parse({ ...Object.fromEntries(bridge), ...port, '2.device': 'br0' })?.device).toBe('br0');
  });

  it('is not activated without a lease', () => {
    const { '1.lease': _, ...without } = current;

    expect(parse(without)).toMatchObject({
      activated: false,
      acknowledgedName: undefined,
      leaseExpiresAt: undefined,
    });
  });

  it.each<[string, Record<string, string | number>]>([
    ['nothing was printed', {}],
    [
      'the link has no DHCP',
      { ...current, '1.lease': '', '1.file.1.text': '[Network]\nAddress=10.2.10.5/24\n' },
    ],
  ])('is none when %s', (_what, values) => {
    expect(parse(values)).toBeUndefined();
  });

  it('is total, and never has a name that no text holds', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '[DHCPv4]\nHostname=$(id)\n',
        `[DHCPv4]\nHostname=${'a'.repeat(65_536)}`,
        '"\'\n=\u00ff',
        '\\',
      ),
      fc.string().map((name) => `[DHCPv4]\nHostname=${name}\n`),
    );
    const keys = Object.keys({ ...current, ...dropIn });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), hostile), (replaced) => {
        const values = { ...current, ...dropIn, ...replaced };
        const state = parse(values);
        for (const rule of [state?.now, state?.nextBoot]) {
          if (rule?.from !== 'profile') continue;
          expect(rule.name).toMatch(/^[a-z0-9.-]{1,64}$/i);
          expect(`${values['1.file.1.text']}${values['1.dropin.1.text']}`).toContain(rule.name);
        }
      }),
    );
  });
});
