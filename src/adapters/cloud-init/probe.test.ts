import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { cloudInitProbe, waitForCloudInit } from './probe.ts';

const running = JSON.stringify({ v1: { datasource: null, stage: 'init', init: { errors: [] } } });
const finished = JSON.stringify({ v1: { datasource: 'DataSourceNoCloud', errors: [] } });
const complaint = "('set_hostname', OSError(30, 'Read-only file system'))";

function parse(values: Record<string, string | number>) {
  return cloudInitProbe.parse(rawValues(values));
}

describe('the state of cloud-init', () => {
  it.each<[string, Record<string, string>]>([
    ['not-installed', {}],
    ['not-installed', { status: running, result: finished }],
    ['disabled', { installed: '1', disabled: '1', status: running }],
    ['disabled', { installed: '1', off: '1', status: '', result: '', cmdline: '' }],
    ['disabled', { installed: '1', cmdline: 'disabled' }],
    ['not-started', { installed: '1', off: '1', cmdline: 'enabled' }],
    ['done', { installed: '1', off: '1', status: running, result: finished }],
    ['not-started', { installed: '1' }],
    ['not-started', { installed: '1', status: 'half a {' }],
    ['running', { installed: '1', status: running }],
    ['done', { installed: '1', status: running, result: finished }],
    ['running', { installed: '1', status: running, result: '{"v1":' }],
  ])('is %s', (status, values) => {
    expect(parse(values)).toEqual({ status, errors: [] });
  });

  it('counts an error as finished, and names each once, of every stage', () => {
    const status = JSON.stringify({
      v1: { stage: null, init: { errors: [complaint] }, 'modules-final': { errors: ['late', 5] } },
    });
    const result = JSON.stringify({ v1: { errors: [complaint] } });

    expect(parse({ installed: '1', status, result })).toEqual({
      status: 'error',
      errors: [complaint, 'late'],
    });
  });

  it.each([
    ['alpha', 'alpha'],
    ['"alpha"', 'alpha'],
    ["'alpha'  # ours", 'alpha'],
    ['610', '610'],
    ['alpha.mgmt.internal', 'alpha'],
  ])('knows the name %s that it was given', (given, name) => {
    expect(parse({ 'user.hostname': `hostname: ${given}` }).givenName).toBe(name);
  });

  it('takes the name from the whole name where that is all it was given', () => {
    expect(parse({ 'user.hostname': '', 'user.fqdn': 'fqdn: alpha.mgmt.internal' }).givenName).toBe('alpha');
  });

  it.each(['', 'hostname:', 'hostname: [', 'hostname: {a: b}', 'password: secret'])(
    'knows no name where the user-data says %j',
    (line) => {
      expect(parse({ 'user.hostname': line })).not.toHaveProperty('givenName');
    },
  );

  it('knows the name in the meta-data, which is JSON there', () => {
    expect(parse({ local: String.raw`"al\"pha"` }).localHostname).toBe('al"pha');
    expect(parse({ local: '' })).not.toHaveProperty('localHostname');
    expect(parse({ local: '{}' })).not.toHaveProperty('localHostname');
  });

  it.each([
    ['', 'preserve_hostname: true', true],
    ['preserve_hostname: false', 'preserve_hostname: true', false],
    ['preserve_hostname: "yes" # why', 'preserve_hostname: false', true],
    ['preserve_hostname: [', 'preserve_hostname: on', true],
    ['', '', undefined],
  ])('leaves the name alone as the user-data %j says before the configuration %j', (user, own, preserves) => {
    expect(parse({ 'user.preserve': user, preserve: own }).preserveHostname).toBe(preserves);
  });

  it.each([
    ['a new one since this boot', '1767268800', '1767268800', 'old'],
    ['the same as before', '1767268800', '1767268799', 'new'],
  ])('knows the instance of the boot before when it is %s', (_what, fetched, added, previous) => {
    expect(parse({ instance: 'new\n', other: 'old', fetched, added })).toMatchObject({
      instanceId: 'new',
      previousInstanceId: previous,
    });
  });

  it('knows no instance before the first, nor one where cloud-init has not run at this boot', () => {
    const first = { instance: 'new', other: '', fetched: '5', added: '6' };

    expect(parse(first)).not.toHaveProperty('previousInstanceId');
    expect(parse({ ...first, other: 'old', fetched: '' })).not.toHaveProperty('previousInstanceId');
    expect(parse({ instance: '', added: '6' })).not.toHaveProperty('instanceId');
  });

  const local =
    'Id=cloud-init-local.service\nBefore=dhcpcd.service systemd-networkd.service\nLoadState=loaded';
  const missing = (unit: string) => `Id=${unit}\nBefore=\nLoadState=not-found`;

  it('knows the units before which its stages are ordered, by either name of the second', () => {
    const stage = (unit: string) => `Id=${unit}\nBefore=sysinit.target ssh.service\nLoadState=loaded`;
    const older = [local, stage('cloud-init.service'), missing('cloud-init-network.service')];
    const newer = [local, missing('cloud-init.service'), stage('cloud-init-network.service')];

    for (const blocks of [older, newer]) {
      expect(parse({ 'units.rc': 0, units: blocks.join('\n\n') })).toMatchObject({
        orderedBefore: ['dhcpcd.service', 'systemd-networkd.service'],
        networkStageBefore: ['sysinit.target', 'ssh.service'],
      });
    }
  });

  it('tells a stage that is ordered before nothing from one that is not there', () => {
    const units = 'Id=cloud-init-local.service\nBefore=\nLoadState=loaded';

    expect(parse({ 'units.rc': 0, units }).orderedBefore).toEqual([]);
    expect(parse({ 'units.rc': 0, units })).not.toHaveProperty('networkStageBefore');
  });

  it.each<[string, Record<string, string | number>]>([
    ['is not there', { 'units.rc': 0, units: missing('cloud-init-local.service') }],
    ['could not be asked for', { 'units.rc': 124, units: '' }],
    ['has no systemd', {}],
  ])('leaves the order open where the unit %s', (_what, values) => {
    expect(parse(values)).not.toHaveProperty('orderedBefore');
  });

  it('never fails, whatever a guest says', () => {
    const keys = ['status', 'result', 'user.hostname', 'user.preserve', 'local', 'fetched', 'added', 'units'];
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom('hostname: *a', '{"v1":1}'),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), text), (values) => {
        expect(() => parse({ installed: '1', 'units.rc': 0, ...values })).not.toThrow();
      }),
    );
  });
});

describe('what is taken out of a guest', () => {
  it('is of the user-data three keys and no more', () => {
    const { script } = cloudInitProbe;

    expect(script).toContain('for w in hostname fqdn preserve_hostname; do');
    expect(script).not.toMatch(/kf|instance-data-sensitive|combined-cloud-config/);
  });
});

describe('waitForCloudInit', () => {
  it('waits inside the guest, as nobody in particular, and a little longer outside', async () => {
    const shell = scriptedShell({ exitCode: 1 });

    await waitForCloudInit(shell, 300, new AbortController().signal);

    expect(shell.given).toMatchObject([{ args: ['300'], timeoutMs: 315_000 }]);
    expect(shell.given[0]).not.toHaveProperty('root');
  });
});
