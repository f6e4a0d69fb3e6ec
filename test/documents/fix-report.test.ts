import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/set-up/project.mjs';
import type { FixRun, GuestResult } from '../../src/apply/fix-result.ts';
import { fixReport } from '../../src/cli/fix-report.ts';
import { TruenameError } from '../../src/domain/error.ts';
import { type FixEvent, fixOutcomes } from '../../src/domain/fix-event.ts';
import type { LeftReason } from '../../src/plan/decide.ts';
import { everyRemedy } from '../support/every-remedy.ts';
import { many, play } from '../support/fix-run.ts';
import { documentedKeys, keysOf } from './report-keys.ts';

const document = 'docs/reference/fix-report.md';
const text = readFileSync(join(root, document), 'utf8');

/** Parts that have the form of others: of this document, where there is no file, or of another that has the rows. */
const alike: readonly { readonly part: RegExp; readonly as: string; readonly file?: string }[] = [
  { part: /^guests\[\]\.(?:planned|withheld)\[\]\./, as: 'guests[].taken[].remedy.' },
  { part: /^guests\[\]\.error\./, as: 'error.' },
  { part: /^counts\..*/, as: 'counts' },
  { part: /^guests\[\]\.(?:before|after)\./, as: 'before.', file: 'docs/reference/report.md' },
  { part: /^guests\[\]\.proof\./, as: 'proof.', file: 'docs/reference/report.md' },
  {
    part: /^guests\[\]\.advice\[\]\./,
    as: 'machines[].findings[].remedies[].',
    file: 'docs/reference/doctor-report.md',
  },
];

/** What a run that went well never shows. */
const rare: Partial<GuestResult> = {
  reason: 'beyond-limits',
  planned: everyRemedy('test'),
  withheld: everyRemedy('test'),
  outage: { seen: false, why: 'it never answered' },
  advice: [{ kind: 'declare-name', target: 'alpha', disruption: 'none', reach: 'guest', how: 'Declare it.' }],
  error: new TruenameError('agent-silent', 'no answer', { where: 'alpha', hint: 'Look at it.' }),
};

/** Where each key of real runs, and of all that can be in a guest, is to be documented. */
async function keysOfReports(): Promise<{ readonly file: string; readonly key: string }[]> {
  const mended = await play([...many(2), ...many(1, {}, 150)], {}, { closed: [150] });
  const [first] = mended.result.results;
  const taken = everyRemedy('test').map((remedy) => ({ remedy, seconds: 1, lease: 'alpha' }));
  const odd: FixRun = { ...mended.result, results: [{ ...(first as GuestResult), ...rare, taken }] };
  const reports = [
    fixReport(mended.result, undefined),
    fixReport(odd, undefined),
    fixReport(undefined, new TruenameError('not-found', 'no guest', { where: 'here', hint: 'look' })),
  ];
  const keys = new Set(reports.flatMap((report) => keysOf(JSON.parse(JSON.stringify(report)))));
  return [...keys].map((key) => {
    const like = alike.find(({ part }) => part.test(key));
    return { file: like?.file ?? document, key: like === undefined ? key : key.replace(like.part, like.as) };
  });
}

/** What each event has beside `type` and `at`; the compiler sees to it that none is missing. */
const events: {
  readonly [Type in FixEvent['type']]: readonly Exclude<
    keyof Extract<FixEvent, { type: Type }>,
    'type' | 'at'
  >[];
} = {
  'run-started': ['run', 'guests'],
  'guest-examined': ['guest', 'verdict'],
  'guest-started': ['guest'],
  'rung-started': ['guest', 'remedy'],
  writing: ['guest', 'kind'],
  'lease-read': ['guest', 'lease'],
  'rung-ended': ['guest', 'kind', 'seconds', 'lease'],
  note: ['guest', 'text'],
  'guest-ended': ['guest', 'outcome', 'seconds', 'why'],
  'run-stopped': ['why'],
  'run-ended': ['run'],
};

const reasons: Readonly<Record<LeftReason, true>> = {
  spared: true,
  unsupported: true,
  'guest-off': true,
  'name-conflict': true,
  'set-on-purpose': true,
  'reserved-otherwise': true,
  'beyond-limits': true,
  'not-the-guest': true,
  'will-not-last': true,
};

describe(document, () => {
  it('has a row for every key of a report, or another document has it', async () => {
    const keys = await keysOfReports();

    expect(keys.filter(({ file, key }) => !documentedKeys(file).includes(key))).toEqual([]);
  });

  it('has no row for a key that no report has', async () => {
    const keys = (await keysOfReports()).filter(({ file }) => file === document).map(({ key }) => key);

    expect(documentedKeys(document).filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('has each row once', () => {
    expect(documentedKeys(document)).toEqual([...new Set(documentedKeys(document))]);
  });

  it.each<[string, readonly string[]]>([
    ['guests[].outcome', fixOutcomes],
    ['guests[].reason', Object.keys(reasons)],
    ['guests[].taken[].remedy.kind', everyRemedy('test').map(({ kind }) => kind)],
  ])('names every value of %s, and no other', (key, values) => {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${key}\` |`)) ?? '';
    const named = [...row.matchAll(/`([^`]+)`/g)].map((match) => match[1]).slice(1);

    expect([...named].sort()).toEqual([...values].sort());
  });

  it('names every event with its keys, in the order in which they come', () => {
    const lines = [...text.matchAll(/^- `([a-z-]+)`: (.*)$/gm)];
    const named = lines.map(([, type, rest]) => [
      type,
      [...(rest ?? '').matchAll(/`([^`]+)`/g)].map(([, key]) => key),
    ]);

    expect(named).toEqual(Object.entries(events));
  });
});
