import {
  type JournalledGuest,
  type JournalledRun,
  type JournalledWrite,
  journalledCommands,
} from '../domain/journal.ts';
import { tornMarker } from './append.ts';
import { readGuest, readWrite } from './journal-write.ts';
import { notAsWritten, otherSchema, parseObject } from './state-file.ts';

/** Version of the files; one of another version is left alone. */
const schema = 1;

/** What the first line of a journal says. */
export type JournalHeader = Omit<JournalledRun, 'writes'>;

/** The lines of a journal, each without its line end. */
export const journalLine = {
  header: ({ run, command, startedAt }: JournalHeader) => JSON.stringify({ schema, run, command, startedAt }),
  writing: (number: number, at: string, guest: JournalledGuest, write: JournalledWrite['write']) =>
    JSON.stringify({ writing: number, at, guest, write }),
  written: (number: number) => JSON.stringify({ written: number }),
  undone: (number: number, by: string) => JSON.stringify({ undone: number, by }),
} as const;

/**
 * What a journal says. Its last line may be cut: then nobody was told that it was written, and it says nothing.
 * Undefined when that was the first. Throws `state-unwritable` with the line for anything else that Truename does not
 * write.
 */
export function parseJournal(text: string, path: string, run: string): JournalledRun | undefined {
  const lines = text.split('\n').slice(0, -1);
  if (lines.length === 0) return undefined;
  const header = readHeader(lines[0] ?? '', path, run);
  if (header === undefined) throw broken(path, 1);
  const writes = new Map<number, JournalledWrite>();
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === tornMarker || lines[index + 1] === tornMarker) continue;
    if (!readLine(line, writes)) throw broken(path, index + 1);
  }
  return { ...header, writes: [...writes.values()] };
}

function readHeader(line: string, path: string, run: string): JournalHeader | undefined {
  const value = parseObject(line) ?? {};
  const other = otherSchema(path, value.schema, schema);
  if (other !== undefined) throw other;
  const { startedAt } = value;
  const command = journalledCommands.find((each) => each === value.command);
  if (value.schema !== schema || value.run !== run || typeof startedAt !== 'string') return undefined;
  return command === undefined ? undefined : { run, command, startedAt };
}

/** Adds what a line says to the writes; false when it says nothing that can follow them. */
function readLine(line: string, writes: Map<number, JournalledWrite>): boolean {
  const value = parseObject(line) ?? {};
  if ('writing' in value) return readWriting(value, writes);
  const [key, number] = 'written' in value ? ['written', value.written] : ['undone', value.undone];
  const known = typeof number === 'number' ? writes.get(number) : undefined;
  if (known === undefined) return false;
  if (key === 'written') {
    writes.set(known.number, { ...known, certain: true });
    return true;
  }
  if (typeof value.by !== 'string') return false;
  writes.set(known.number, { undoneBy: value.by, ...known });
  return true;
}

function readWriting(value: Record<string, unknown>, writes: Map<number, JournalledWrite>): boolean {
  const { writing: number, at } = value;
  const guest = readGuest(value.guest);
  const write = readWrite(value.write);
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1 || writes.has(number))
    return false;
  if (typeof at !== 'string' || guest === undefined || write === undefined) return false;
  writes.set(number, { number, guest, write, at, certain: false });
  return true;
}

function broken(path: string, line: number) {
  const hint = 'Move the file away: what that run wrote cannot be put back without it.';
  return notAsWritten(path, hint, `line ${line} of ${path}`);
}
