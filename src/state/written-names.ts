import { join } from 'node:path';
import type { WrittenNames } from '../domain/journal.ts';
import { replaceFile } from './replace-file.ts';
import { aliasFileName, notAsWritten, otherSchema, parseObject, readStateFile } from './state-file.ts';

/** Version of the files; one of another version is left alone. */
const schema = 1;

/**
 * The host name that Truename last gave to each guest: one file per alias in `written-names/` of the state directory,
 * so that runs side by side cannot lose each other's. Everything throws `state-unwritable`.
 */
export function writtenNames(directory: string): WrittenNames {
  const file = (alias: string) => join(directory, 'written-names', aliasFileName(alias, 'a host name'));
  const last = async (alias: string) => {
    const path = file(alias);
    const text = await readStateFile(path);
    return text === undefined ? undefined : parse(text, path);
  };
  return {
    last,
    async remember(alias, name) {
      if ((await last(alias)) === name) return;
      await replaceFile(file(alias), `${JSON.stringify({ schema, name })}\n`);
    },
  };
}

function parse(text: string, path: string): string {
  const value = parseObject(text) ?? {};
  const other = otherSchema(path, value.schema, schema);
  if (other !== undefined) throw other;
  if (value.schema === schema && typeof value.name === 'string') return value.name;
  throw notAsWritten(path, 'Delete the file: the name of that guest then counts as set by somebody else.');
}
