import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { dhcpcdProbe } from './probe.ts';

const dump =
  'reason=BOUND\ninterface=eth0\nprotocol=dhcp\nip_address=10.2.10.189\nhost_name=alpha\ndhcp_lease_time=86400\ndhcp_message_type=5';
/** As 10.1.0 printed it, managing all interfaces. */
const manager = {
  version: 'dhcpcd 10.1.0',
  host: 'alpha',
  duid: '00:01:00:01:32:96:41:eb:bc:24:11:36:3f:33\n',
  '1.device': 'eth0',
  '1.mode': 'manager',
  '1.flag': '-4',
  '1.pid': '89',
  '1.mac': 'bc:24:11:36:3f:33\n',
  '1.dump.rc': 0,
  '1.dump': dump,
  '1.managed.rc': 0,
  '1.managed': `reason=CARRIER\ninterface=eth0\nprotocol=link\n\n${dump}`,
  '1.since': '1767268800',
  '1.conf.path': '/etc/dhcpcd.conf',
  '1.conf.text':
    '# Inform the DHCP server of our hostname for DDNS.\nhostname\n\nduid\npersistent\noption host_name\n',
};
const single = { ...manager, '1.mode': 'interface' };
const kernel = { from: 'transient', cut: false, legalOnly: false };

function parse(values: Record<string, string | number>) {
  return dhcpcdProbe.parse(rawValues(values));
}

describe('the state of dhcpcd', () => {
  it('is read as a manager of all interfaces shows it', () => {
    expect(parse(manager)).toEqual({
      kind: 'dhcpcd',
      version: '10.1.0',
      device: 'eth0',
      mode: 'manager',
      activated: true,
      acknowledgedName: 'alpha',
      leaseExpiresAt: '2026-01-02T12:00:00.000Z',
      clientId: 'ff:11:36:3f:33:00:01:00:01:32:96:41:eb:bc:24:11:36:3f:33',
      file: '/etc/dhcpcd.conf',
      now: kernel,
      nextBoot: kernel,
    });
  });

  it('has the family of a daemon for one interface', () => {
    expect(parse(single)).toMatchObject({ mode: 'interface', family: '4' });
    expect(parse({ ...single, '1.flag': '' })).not.toHaveProperty('family');
  });

  it('is read where 9.4.1 calls the manager without DHCPv6 a failure', () => {
    const old = { ...manager, version: 'dhcpcd 9.4.1', '1.managed.rc': 1, '1.managed': 'protocol=link' };

    expect(parse(old)).toMatchObject({ version: '9.4.1', activated: true });
  });

  it('is not activated while the manager has the link and no lease', () => {
    expect(parse({ ...manager, '1.dump': '' })).toMatchObject({
      activated: false,
      leaseExpiresAt: undefined,
    });
  });

  it("is that of the bridge where the manager leaves the bridge's port alone", () => {
    const port = { '1.device': 'eth0', '1.mode': 'manager', '1.dump.rc': 0, '1.dump': '', '1.managed': '' };
    const bridge = Object.entries(manager).map(([key, value]) => [key.replace(/^1\./, '2.'), value]);

    expect(parse({ ...Object.fromEntries(bridge), ...port, '2.device': 'br0' })?.device).toBe('br0');
  });

  it('goes by the name that ifupdown gives it before its file', () => {
    const state = parse({ ...single, '1.ifupdown.rc': 0, '1.ifupdown': 'hostname: beta.dom\n' });

    expect(state?.now).toEqual({ from: 'profile', name: 'beta.dom', file: '/etc/network/interfaces' });
  });

  it('keeps the name of its own namespace until it is started again', () => {
    const state = parse({ ...manager, '1.uts.rc': 0, '1.uts': 'template' });

    expect(state?.now).toEqual({ from: 'profile', name: 'template', file: '/proc/89/ns/uts' });
    expect(state?.nextBoot).toEqual(kernel);
    expect(parse({ ...manager, '1.uts.rc': 0, '1.uts': 'alpha' })?.now).toEqual(kernel);
    expect(parse({ ...manager, '1.uts.rc': 1, '1.uts': 'x' })?.now).toEqual(kernel);
  });

  it.each<[string, Record<string, string | number>]>([
    ['nothing was printed', {}],
    ['the manager leaves the device alone', { ...manager, '1.dump': '', '1.managed': '' }],
  ])('is none when %s', (_what, values) => {
    expect(parse(values)).toBeUndefined();
  });

  it('is total, and never has a name that no text holds', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'hostname $(id)\n',
        `hostname ${'a'.repeat(65_536)}`,
        '"\'\n=\u00ff',
        'hostname "',
        'hostname: -x',
      ),
      fc.stringMatching(/^[a-z"\\#; .]{0,20}$/).map((name) => `hostname ${name}\n`),
    );
    const all = { ...single, '1.uts.rc': 0, '1.uts': 'template', '1.ifupdown': '' };
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(all)), hostile), (replaced) => {
        const values: Record<string, string | number> = { ...all, ...replaced };
        const state = parse(values);
        const texts = ['1.conf.text', '1.uts', '1.ifupdown'].map((key) => String(values[key]));
        for (const rule of [state?.now, state?.nextBoot]) {
          if (rule?.from !== 'profile') continue;
          expect(texts.join('\n').replaceAll('\\', '')).toContain(rule.name.replaceAll('\\', ''));
        }
      }),
    );
  });
});
