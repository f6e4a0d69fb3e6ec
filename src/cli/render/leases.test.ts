import { describe, expect, it } from 'vitest';
import { TruenameError } from '../../domain/error.ts';
import type { LeasesReport, ReportedLease } from '../leases-report.ts';
import { renderLeases } from './leases.ts';

const alpha: ReportedLease = {
  server: 'fw-mgmt',
  segments: ['mgmt'],
  family: 4,
  address: '10.2.10.5',
  mac: 'bc:24:11:00:00:01',
  name: 'alpha',
  clientId: null,
  duid: null,
  expiresAt: '2026-01-01T13:00:00.000Z',
  living: true,
  remarks: [],
};

function report(leases: readonly ReportedLease[], total: number | null = leases.length): LeasesReport {
  const error = total === null ? { code: 'timeout', message: 'no answer' } : null;
  const server = { id: 'fw-mgmt', segments: ['mgmt'], readAt: null, writtenAt: null, total, error };
  return { schema: 'truename/leases/1', exitCode: 0, servers: [server], leases, error: null };
}

describe('leases for people', () => {
  it('are a table, and how many there are', () => {
    const long = {
      ...alpha,
      name: null,
      address: 'fd00::1234:5678',
      mac: null,
      duid: '00:04:aa',
      expiresAt: null,
    };

    expect(renderLeases(report([alpha, long]), undefined, false)).toEqual([
      'NAME   ADDRESS          MAC                SERVER   UNTIL',
      'alpha  10.2.10.5        bc:24:11:00:00:01  fw-mgmt  2026-01-01T13:00:00.000Z',
      '*      fd00::1234:5678  00:04:aa           fw-mgmt  for ever',
      '2 leases of fw-mgmt.',
    ]);
  });

  it('say that a lease has ended, and what is odd about it', () => {
    const odd = { ...alpha, living: false, remarks: ['name-held-twice'] as const };

    expect(renderLeases(report([odd], 7), undefined, false).slice(1)).toEqual([
      expect.stringContaining('ended 2026-01-01'),
      '! alpha (10.2.10.5 at fw-mgmt): another MAC address holds this name in the same domain',
      '1 of 7 leases of fw-mgmt.',
    ]);
  });

  it('are not none where nobody could look', () => {
    expect(renderLeases(report([], null), undefined, false)).toEqual([
      '? fw-mgmt could not be read: no answer',
      'No server could be read.',
    ]);
  });

  it('give no power over the terminal to a name', () => {
    const text = renderLeases(report([{ ...alpha, name: 'a\u001b[2J\n✓ fine' }]), undefined, false).join(
      '\n',
    );

    expect(text).not.toContain('\u001b');
    expect(text.split('\n')).toHaveLength(3);
  });

  it('are the error where there is one', () => {
    const error = new TruenameError('usage', 'no DHCP server is configured as x');

    expect(renderLeases({ ...report([]), servers: [] }, error, false)).toEqual([
      'error usage: no DHCP server is configured as x',
    ]);
  });
});
