import { describe, expect, it } from 'vitest';
import type {
  ReservationOutcome,
  ReservationResult,
  ReservationRun,
} from '../../src/apply/reserve/result.ts';
import { reservationsReport } from '../../src/cli/reservations-report.ts';
import type { Address } from '../../src/domain/address.ts';
import { TruenameError } from '../../src/domain/error.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import { documentedKeys, keysOf } from './report-keys.ts';

const document = 'docs/reference/reservations-report.md';
const error = new TruenameError('reservation-conflict', 'taken', { where: 'fw', hint: 'Look at it.' });
const own = { mac: 'bc:24:11:00:00:01' as Mac, name: 'alpha' as Hostname, address: '10.2.10.5' as Address };
const at = '2026-01-01T12:00:00.000Z';

function result(outcome: ReservationOutcome): ReservationResult {
  const readBack = [{ link: 'lease' as const, state: 'proven' as const, because: 'seen', at }];
  return { name: 'alpha', was: own, becomes: own, outcome, why: 'so', notes: ['note'], readBack, error };
}

function run(outcomes: readonly ReservationOutcome[], writes = 1): ReservationRun {
  const servers = [{ id: 'fw', place: '/hosts/truename', reach: 'guest' as const, writes }];
  return { run: 'run-1', dryRun: false, servers, results: outcomes.map(result) };
}

/** Errors of guests have the keys of the run's. */
const likeReported = (key: string) => key.replace(/^guests\[\]\.error\./, 'error.');

describe(document, () => {
  it('has a row for every key, once, and none for a key that there is not', () => {
    const reports = [
      reservationsReport('reserve', run(['reserved']), undefined),
      reservationsReport('release', undefined, error),
    ];
    const keys = reports.flatMap((each) => keysOf(JSON.parse(JSON.stringify(each)))).map(likeReported);

    expect(documentedKeys(document).sort()).toEqual([...new Set(keys)].sort());
  });
});

describe('how truename reserve and release end', () => {
  it.each<[number, readonly ReservationOutcome[], TruenameError | undefined]>([
    [0, ['reserved', 'unchanged', 'released', 'planned'], undefined],
    [3, ['reserved', 'not-proven'], undefined],
    [1, ['not-proven', 'refused'], undefined],
    [1, ['failed'], undefined],
    [1, [], new TruenameError('busy', 'another run')],
    [2, [], new TruenameError('too-many-guests', 'eleven')],
  ])('is %i', (exitCode, outcomes, thrown) => {
    expect(reservationsReport('reserve', run(outcomes), thrown).exitCode).toBe(exitCode);
  });

  it('names the run only where it wrote something', () => {
    const runs = [run(['reserved']), run(['unchanged'], 0)];

    expect(runs.map((each) => reservationsReport('reserve', each, undefined).run)).toEqual(['run-1', null]);
  });
});
