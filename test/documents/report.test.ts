import { describe, expect, it } from 'vitest';
import { reportOf } from '../../src/cli/report.ts';
import { documentedKeys as documented, keysOf } from './report-keys.ts';
import { sampleEvents, sampleRequest, sampleResult } from './sample-run.ts';

/** The keys of the tables; `after` has the form of `before`. */
const documentedKeys = () => documented('docs/reference/report.md');

const likeBefore = (key: string) => key.replace(/^after\./, 'before.');

describe('docs/reference/report.md', () => {
  const written: unknown = JSON.parse(JSON.stringify(reportOf(sampleRequest, sampleResult, sampleEvents)));
  const keys = [...new Set(keysOf(written).map(likeBefore))].sort();

  it('has a row for every key of a report', () => {
    expect(keys.filter((key) => !documentedKeys().includes(key))).toEqual([]);
  });

  it('has no row for a key that a report does not have', () => {
    expect(documentedKeys().filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('has each row once', () => {
    expect(documentedKeys()).toEqual([...new Set(documentedKeys())]);
  });
});
