import { describe, expect, it } from 'vitest';
import { type ResolvedGuest, resolveReport } from '../../src/cli/resolve-report.ts';
import { TruenameError } from '../../src/domain/error.ts';
import { notObservable, observed } from '../../src/domain/observation.ts';
import type { Loss, Resolution } from '../../src/domain/resolution.ts';
import { address, at, fullName, mac } from '../support/sample-snapshot.ts';
import { documentedKeys, keysOf } from './report-keys.ts';

const document = 'docs/reference/resolve-report.md';
const where = { source: 'test', at };
const error = new TruenameError('timeout', 'no answer', { where: 'unbound', hint: 'Look at it.' });
const who = { name: 'alpha', node: 'pve1', vmid: 610 };
const records = [{ address, ttlSeconds: 1 }];
const seen: Resolution = {
  fqdn: fullName,
  lease: observed({ lease: { address, mac }, readAt: at }, where),
  bearers: [],
  own: [],
  resolvers: [
    {
      resolver: 'unbound',
      forward: observed({ status: 'answered', records }, where),
      forward6: observed({ status: 'none' }, where),
      reverse: observed({ status: 'answered', records: [fullName] }, where),
    },
  ],
};
const loss: Loss = { kind: 'leftover-ptr', because: 'seen', hint: 'Look.', matters: true };
const blind: Resolution = { ...seen, lease: notObservable(error, where) };

/** The questions for AAAA and PTR, and errors of guests, have the keys of others. */
const likeReported = (key: string) =>
  key
    .replace(/^(guests\[\]\.resolvers\[\])\.(?:aaaa|ptr)\./, '$1.a.')
    .replace(/^guests\[\]\.error\./, 'error.');

describe(document, () => {
  it('has a row for every key, once, and none for a key that there is not', () => {
    const guests: ResolvedGuest[] = [
      { ...who, resolution: seen, losses: [loss] },
      { ...who, error },
    ];
    const reports = [resolveReport(guests, undefined), resolveReport([], error)];
    const keys = reports.flatMap((each) => keysOf(JSON.parse(JSON.stringify(each)))).map(likeReported);

    expect(documentedKeys(document).sort()).toEqual([...new Set(keys)].sort());
  });
});

describe('how truename resolve ends', () => {
  it.each<[number, readonly ResolvedGuest[], TruenameError | undefined]>([
    [0, [{ ...who, resolution: seen, losses: [{ ...loss, matters: false }] }], undefined],
    [1, [{ ...who, resolution: blind, losses: [loss] }], undefined],
    [3, [{ ...who, resolution: blind, losses: [] }], undefined],
    [3, [{ ...who, error }], undefined],
    [3, [], error],
    [2, [], new TruenameError('not-found', 'nobody')],
  ])('is %i', (exitCode, guests, thrown) => {
    expect(resolveReport(guests, thrown).exitCode).toBe(exitCode);
  });

  it('tells a table that could not be read from one without a lease', () => {
    const [guest] = resolveReport([{ ...who, resolution: blind, losses: [] }], undefined).guests;

    expect([guest?.lease, guest?.error?.code]).toEqual([null, 'timeout']);
  });
});
