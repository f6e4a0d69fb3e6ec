import { readFile } from 'node:fs/promises';
import { TruenameError } from '../domain/error.ts';

/** The text of a state file; undefined where there is none. Throws `state-unwritable` where it cannot be read. */
export async function readStateFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw stateProblem(path, error);
  }
}

/** Whether the error of a file operation says that the file, or its folder, is not there. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** The code of an error of the operating system, such as `EEXIST`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** The object that a line of JSON holds; undefined for anything else. Never throws. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value out of JSON is an object with keys. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The name of the file for an alias, which stands in known_hosts too, where `*`, `?`, `!` and a comma mean something
 * (sshd(8)). Throws `internal` for what could be another file's name; `what` says what was to be kept.
 */
export function aliasFileName(alias: string, what: string): string {
  if (/^[a-z0-9][a-z0-9:._-]{0,200}$/i.test(alias)) return alias;
  throw new TruenameError('internal', `${what} cannot be kept under the alias ${JSON.stringify(alias)}`);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the quota is used up',
  ENOSPC: 'no space is left',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
};

/** The error that a state file cannot be read or written. */
export function stateProblem(path: string, cause: unknown): TruenameError {
  const code = codeOf(cause);
  const reason = code === undefined ? '' : `: ${reasons[code] ?? code}`;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new TruenameError('state-unwritable', `the state file ${path} cannot be read or written${reason}`, {
    where: path,
    hint: full
      ? 'Free some space there, or name another folder with --state-dir.'
      : 'Make the state directory writable, or name another with --state-dir.',
    cause,
  });
}

/** The error that a state file is of another schema than `known`; undefined where it is of that or says none. */
export function otherSchema(path: string, schema: unknown, known: number): TruenameError | undefined {
  if (typeof schema !== 'number' || schema === known) return undefined;
  return new TruenameError('state-unwritable', `${path} was written by another version (schema ${schema})`, {
    where: path,
    hint: 'Use that version, or name another --state-dir.',
  });
}

/** The error that a state file says what Truename does not write; `place` is the file, or a line of it. */
export function notAsWritten(path: string, hint: string, place = path): TruenameError {
  return new TruenameError('state-unwritable', `${place} is not as Truename wrote it`, { where: path, hint });
}
