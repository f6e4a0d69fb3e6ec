import { describe, expect, it } from 'vitest';
import type { UndoneGuest, UndoneWrite } from '../../src/apply/undo.ts';
import { undoReport } from '../../src/cli/undo-report.ts';
import { TruenameError } from '../../src/domain/error.ts';
import type { JournalledRun } from '../../src/domain/journal.ts';
import { documentedKeys, keysOf } from './report-keys.ts';
import { everyWrite, journalledRun } from './sample-undo.ts';

const document = 'docs/reference/undo-report.md';

/** The runs hold writes and guests of the same form. */
const likeUndone = (key: string) =>
  key
    .replace(/^runs\[\]\.writes\[\]\.write\./, 'guests[].writes[].write.')
    .replace(/^guests\[\]\.error\./, 'error.');

/** Every key of what undo prints: of a report, of one on a failure, and of the list of runs. */
function keysOfDocuments(): string[] {
  const run = journalledRun(everyWrite('test'));
  const [first] = run.writes;
  if (first === undefined) throw new Error('the run wrote nothing');
  const error = new TruenameError('agent-silent', 'no answer', { where: 'alpha', hint: 'Look at it.' });
  const writes: UndoneWrite[] = run.writes.map((write) => ({ write, result: 'restored' }));
  const guests: UndoneGuest[] = [{ guest: first.guest, writes, error }];
  const runs: readonly JournalledRun[] = [
    { ...run, writes: run.writes.map((each) => ({ ...each, undoneBy: 'x' })) },
  ];
  const documents = [
    undoReport({ run: run.run, dryRun: false }, guests, undefined),
    undoReport({ dryRun: true }, [], error),
    { schema: 'truename/runs/1', runs },
  ];
  const keys = documents.flatMap((each) => keysOf(JSON.parse(JSON.stringify(each)))).map(likeUndone);
  return [...new Set(keys)];
}

describe(document, () => {
  it('has a row for every key', () => {
    expect(keysOfDocuments().filter((key) => !documentedKeys(document).includes(key))).toEqual([]);
  });

  it('has no row for a key that there is not', () => {
    const keys = keysOfDocuments();

    expect(documentedKeys(document).filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('has each row once', () => {
    expect(documentedKeys(document)).toEqual([...new Set(documentedKeys(document))]);
  });
});
