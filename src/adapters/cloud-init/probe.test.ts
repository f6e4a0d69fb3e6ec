import { describe, expect, it } from 'vitest';
import { rawValues } from '../../../test/support/raw-values.ts';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { cloudInitProbe, waitForCloudInit } from './probe.ts';

const running = JSON.stringify({ v1: { datasource: null, stage: 'init', init: { errors: [] } } });
const finished = JSON.stringify({ v1: { datasource: 'DataSourceNoCloud', errors: [] } });
const complaint = "('set_hostname', OSError(30, 'Read-only file system'))";

function parse(values: Record<string, string>) {
  return cloudInitProbe.parse(rawValues(values));
}

describe('the state of cloud-init', () => {
  it.each<[string, Record<string, string>]>([
    ['not-installed', {}],
    ['not-installed', { status: running, result: finished }],
    ['disabled', { installed: '1', disabled: '1', status: running }],
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
    ["'alpha'", 'alpha'],
    [`"alpha'`, `"alpha'`],
  ])('knows the name %s that it was given', (given, name) => {
    expect(parse({ given }).givenName).toBe(name);
  });

  it('knows no name where it was given none', () => {
    expect(parse({ given: '' })).not.toHaveProperty('givenName');
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
