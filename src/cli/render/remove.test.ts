import { describe, expect, it } from 'vitest';
import { TruenameError } from '../../domain/error.ts';
import { removeReport } from '../remove-report.ts';
import { renderRemoved } from './remove.ts';

const ref = { hypervisor: 'pve', node: 'pve1', vmid: 100 };
const reservation = {
  name: 'web',
  server: 'mgmt',
  mac: 'bc:24:11:00:00:01' as never,
  was: null,
  becomes: null,
  outcome: 'released' as const,
  why: 'so',
  notes: ['its lease keeps the name until it ends'],
  readBack: [],
};

describe('the report of what was taken away, for people', () => {
  it('says what is gone, and its reservations', () => {
    const report = removeReport(
      [{ name: 'web', ref, outcome: 'removed', why: 'it is gone', reservations: [reservation] }],
      { dryRun: false },
      undefined,
    );
    expect(renderRemoved(report, undefined)).toEqual([
      '✓ web (100 on pve1): it is gone',
      '    reservation of bc:24:11:00:00:01 at mgmt: released',
      '      its lease keeps the name until it ends',
    ]);
  });

  it('escapes what is foreign, and says what to do next', () => {
    const error = new TruenameError('guest-on', 'it runs', { hint: 'Switch it off.' });
    const report = removeReport(
      [{ name: 'we\u001b[31mb', outcome: 'failed', why: 'it runs', reservations: [], error }],
      { dryRun: false },
      error,
    );
    const lines = renderRemoved(report, error);
    expect(lines.join('\n')).not.toContain('\u001b');
    expect(lines[0]).toMatch(/^✗ .*: it runs$/);
    expect(lines).toContain('    Switch it off.');
    expect(lines.length).toBeGreaterThan(2);
  });
});
