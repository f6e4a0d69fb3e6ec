import { join } from 'node:path';
import { TruenameError } from '../domain/error.ts';
import type { JournalledRun, RunJournal } from '../domain/journal.ts';
import { appendLine, createLines } from './append.ts';
import { namesIn } from './aside.ts';
import { type JournalHeader, journalLine, parseJournal } from './journal-lines.ts';
import { isRun } from './run-id.ts';
import { readStateFile } from './state-file.ts';

const suffix = '.jsonl';

/**
 * The journal of a run that begins: `journal/RUN.jsonl` in the state directory, made by its first write. Lines are added
 * one after the other, in the order of the calls. Each promise rejects with `state-unwritable` when its line is not
 * sure to be on the disk; throws `internal` for a run id that is none.
 */
export function openJournal(
  directory: string,
  header: JournalHeader,
  now: () => string = () => new Date().toISOString(),
): RunJournal {
  const { run } = header;
  const path = fileOf(directory, run);
  let count = 0;
  let begun = false;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(append: () => Promise<T>): Promise<T> {
    const turn = last.then(append);
    last = turn.catch(() => undefined);
    return turn;
  }

  return {
    run,
    writing(guest, write) {
      count += 1;
      const number = count;
      const line = journalLine.writing(number, now(), guest, write);
      return inTurn(async () => {
        if (begun) await appendLine(path, line);
        else await createLines(path, `${journalLine.header(header)}\n${line}\n`);
        begun = true;
        return number;
      });
    },
    written: (number) => inTurn(() => appendLine(path, journalLine.written(number))),
    undone(other, number) {
      const otherPath = fileOf(directory, other);
      return inTurn(() => appendLine(otherPath, journalLine.undone(number, run)));
    },
    found(other, number) {
      const otherPath = fileOf(directory, other);
      return inTurn(() => appendLine(otherPath, journalLine.written(number)));
    },
  };
}

/**
 * What is remembered of a run; undefined when it wrote nothing, or there was none. Throws `state-unwritable` when its
 * journal cannot be understood.
 */
export async function readRun(directory: string, run: string): Promise<JournalledRun | undefined> {
  if (!isRun(run)) return undefined;
  const path = fileOf(directory, run);
  const text = await readStateFile(path);
  return text === undefined ? undefined : parseJournal(text, path, run);
}

/** All runs that wrote something, newest first. Throws as {@link readRun} does. */
export async function listRuns(directory: string): Promise<JournalledRun[]> {
  const runs: JournalledRun[] = [];
  for (const name of (await namesIn(join(directory, 'journal'))).sort().reverse()) {
    if (!name.endsWith(suffix)) continue;
    const run = await readRun(directory, name.slice(0, -suffix.length));
    if (run !== undefined) runs.push(run);
  }
  return runs;
}

function fileOf(directory: string, run: string): string {
  if (isRun(run)) return join(directory, 'journal', `${run}${suffix}`);
  throw new TruenameError('internal', `${JSON.stringify(run)} is no run`);
}
