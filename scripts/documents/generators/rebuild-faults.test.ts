import { describe, expect, it } from 'vitest';
import { faultsTable, rebuildFaultsTable } from './rebuild-faults.ts';

const list = '# fault | ending | file | title\nit breaks | `internal` | a.test.ts | breaks\n';

describe('faultsTable', () => {
  it('names the test of each fault', () => {
    expect(
      faultsTable(list, () => "it('breaks', () => {})")
        .split('\n')
        .slice(2),
    ).toEqual(['| it breaks | `internal` | [breaks](../../a.test.ts) |']);
  });

  it.each([
    ['that is not there', () => "it('breaks more', () => {})"],
    ['whose file is not there', () => undefined],
  ])('refuses a test %s', (_what, read) => {
    expect(() => faultsTable(list, read)).toThrow(/a\.test\.ts has no test/);
  });

  it('refuses a line that is none', () => {
    expect(() => faultsTable('it breaks | somehow\n', () => '')).toThrow(/no fault/);
  });
});

describe('rebuildFaultsTable', () => {
  it('has each fault once', () => {
    const faults = rebuildFaultsTable()
      .split('\n')
      .slice(2)
      .map((row) => row.split(' | ')[0]);

    expect(faults.length).toBeGreaterThan(50);
    expect(new Set(faults).size).toBe(faults.length);
  });
});
