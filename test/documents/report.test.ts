import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/set-up/project.mjs';
import { reportOf } from '../../src/cli/report.ts';
import { sampleEvents, sampleRequest, sampleResult } from './sample-run.ts';

/** Every key of a JSON document, such as `steps[].seconds`. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const own = path === '' ? key : `${path}.${key}`;
    return [own, ...keysOf(child, own)];
  });
}

/** The keys in the first column of the tables; `after` has the form of `before`. */
function documentedKeys(): string[] {
  const text = readFileSync(join(root, 'docs/reference/report.md'), 'utf8');
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] as string);
}

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
