import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { hostNamesProbe } from './host-names.ts';

describe('the host names of a machine', () => {
  it('are the static one, what hostnamed believes, and the kernel one', () => {
    const values = rawValues({
      static: 'alpha\n',
      transient: 'tappaas-nixos',
      'believed.rc': 0,
      believed: '{"type":"v","data":[{"type":"s","data":"tappaas-nixos"}]}',
    });

    expect(hostNamesProbe.parse(values)).toEqual({
      static: 'alpha',
      believedStatic: 'tappaas-nixos',
      transient: 'tappaas-nixos',
    });
  });

  it.each([
    ['could not be asked', { 'believed.rc': 124, believed: '' }],
    [
      'failed, whatever it printed',
      { 'believed.rc': 1, believed: '{"type":"v","data":[{"type":"s","data":"alpha"}]}' },
    ],
    ['answered something else', { 'believed.rc': 0, believed: 'Failed to connect' }],
    [
      'answered another type',
      { 'believed.rc': 0, believed: '{"type":"v","data":[{"type":"b","data":true}]}' },
    ],
    ['was not there', {}],
  ])('leave open what hostnamed believes when it %s', (_what, believed) => {
    expect(
      hostNamesProbe.parse(rawValues({ static: 'alpha', transient: 'alpha', ...believed })).believedStatic,
    ).toBeUndefined();
  });

  it('pass over comments in the file', () => {
    const values = rawValues({ static: '# made by hand\n\nalpha\nbeta\n', transient: 'x' });

    expect(hostNamesProbe.parse(values).static).toBe('alpha');
  });

  it('tell a name that hostnamed knows to be empty from one that it was not asked for', () => {
    const values = rawValues({
      transient: 'x',
      'believed.rc': 0,
      believed: '{"type":"v","data":[{"type":"s","data":""}]}',
    });

    expect(hostNamesProbe.parse(values)).toEqual({ static: '', believedStatic: '', transient: 'x' });
  });
});
