import { describe, expect, it } from 'vitest';
import { leasesReport } from '../../src/cli/leases-report.ts';
import type { Address } from '../../src/domain/address.ts';
import { TruenameError } from '../../src/domain/error.ts';
import type { Mac } from '../../src/domain/mac.ts';
import { notObservable, observed } from '../../src/domain/observation.ts';
import type { ServerLeases } from '../../src/observe/search-leases.ts';
import { documentedKeys, keysOf } from './report-keys.ts';

const document = 'docs/reference/leases-report.md';
const error = new TruenameError('timeout', 'no answer', { where: 'fw', hint: 'Look at it.' });
const where = { source: 'test', at: '2026-01-01T12:00:00.000Z' };

function keysOfReports(): string[] {
  const leases = [{ address: '10.2.10.5' as Address, mac: 'bc:24:11:00:00:01' as Mac }];
  const table = observed({ leases, readAt: where.at }, where);
  const read: ServerLeases[] = [
    { server: 'fw-mgmt', segments: [], table },
    { server: 'fw-srv', segments: [], table: notObservable(error, where) },
  ];
  const reports = [
    leasesReport(read, { ended: false }, undefined),
    leasesReport([], { ended: false }, error),
  ];
  return [...new Set(reports.flatMap((each) => keysOf(JSON.parse(JSON.stringify(each)))))];
}

describe(document, () => {
  it('has a row for every key, once, and none for a key that there is not', () => {
    expect(documentedKeys(document).sort()).toEqual(keysOfReports().sort());
  });
});

describe('how truename leases ends', () => {
  const table = observed({ leases: [], readAt: where.at }, where);
  const seen: ServerLeases = { server: 'a', segments: [], table };
  const unseen: ServerLeases = { server: 'b', segments: [], table: notObservable(error, where) };

  it.each<[number, readonly ServerLeases[], TruenameError | undefined]>([
    [0, [seen], undefined],
    [3, [seen, unseen], undefined],
    [1, [unseen], undefined],
    [1, [], error],
    [2, [], new TruenameError('usage', 'no')],
  ])('is %i', (exitCode, read, thrown) => {
    expect(leasesReport(read, { ended: false }, thrown).exitCode).toBe(exitCode);
  });
});
