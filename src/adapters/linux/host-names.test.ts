import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { hostNamesProbe, setTransientName } from './host-names.ts';

describe('the host names of a machine', () => {
  it('are the static one, what hostnamed believes, and the kernel one', () => {
    const values = rawValues({
      static: 'alpha\n',
      transient: 'tappaas-nixos',
      'believed.rc': 0,
      believed: '{"type":"s","data":"tappaas-nixos"}',
    });

    expect(hostNamesProbe.parse(values)).toEqual({
      static: 'alpha',
      believedStatic: 'tappaas-nixos',
      transient: 'tappaas-nixos',
    });
  });

  it.each([
    ['could not be asked', { 'believed.rc': 124, believed: '' }],
    ['failed, whatever it printed', { 'believed.rc': 1, believed: '{"type":"s","data":"alpha"}' }],
    ['answered something else', { 'believed.rc': 0, believed: 'Failed to connect' }],
    ['answered another type', { 'believed.rc': 0, believed: '{"type":"b","data":true}' }],
    ['was not there', {}],
  ])('leave open what hostnamed believes when it %s', (_what, believed) => {
    expect(
      hostNamesProbe.parse(rawValues({ static: 'alpha', transient: 'alpha', ...believed })).believedStatic,
    ).toBeUndefined();
  });

  it('tell a name that hostnamed knows to be empty from one that it was not asked for', () => {
    const values = rawValues({ transient: 'x', 'believed.rc': 0, believed: '{"type":"s","data":""}' });

    expect(hostNamesProbe.parse(values)).toEqual({ static: '', believedStatic: '', transient: 'x' });
  });
});

describe('setting the name of the kernel', () => {
  it('is one script as root, the name in its arguments, and no word to a DHCP client', async () => {
    const shell = scriptedShell({});

    await setTransientName(shell, 'alpha', new AbortController().signal);

    expect(shell.given).toHaveLength(1);
    expect(shell.given[0]).toMatchObject({ root: true, args: ['alpha'] });
    expect(shell.given[0]?.script).toContain('/proc/sys/kernel/hostname');
    expect(shell.given[0]?.script).not.toMatch(/nmcli|alpha/);
  });
});
