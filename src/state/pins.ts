import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TruenameError } from '../domain/error.ts';
import type { HostKeyStore, PinnedHostKeys } from '../domain/ports.ts';
import { replaceFile, stateProblem } from './replace-file.ts';

/** Version of the files; one of another version is left alone. */
const schema = 1;

/**
 * Host-key pins: one known_hosts file per alias in `host-keys/` of the state directory. Its first line is a
 * comment that says, as JSON, how and when the keys were learnt. As no two guests share a file, runs side by
 * side cannot lose each other's pins; as keys and origin share one, they cannot disagree.
 */
export function hostKeyStore(directory: string): HostKeyStore {
  const file = (alias: string) => join(directory, 'host-keys', fileName(alias));
  return {
    file,
    async pinned(alias) {
      const path = file(alias);
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw stateProblem(path, error);
      });
      return text === undefined ? undefined : parse(text, alias, path);
    },
    async pin(alias, { keys, learntBy, learntAt }) {
      const header = JSON.stringify({ schema, learntBy, learntAt });
      const lines = [`# ${header}`, ...keys.map((key) => `${alias} ${key}`)];
      await replaceFile(file(alias), `${lines.join('\n')}\n`);
    },
  };
}

/** An alias names a file and stands in known_hosts, where `*`, `?`, `!` and a comma mean something (sshd(8)). */
function fileName(alias: string): string {
  if (/^[a-z0-9][a-z0-9:.-]{0,200}$/i.test(alias)) return alias;
  throw new TruenameError('internal', `host keys cannot be kept under the alias ${JSON.stringify(alias)}`);
}

function parse(text: string, alias: string, path: string): PinnedHostKeys {
  const [first = '', ...rest] = text.split('\n');
  const header = parseHeader(first);
  if (typeof header?.schema === 'number' && header.schema !== schema) {
    throw new TruenameError(
      'state-unwritable',
      `${path} was written by another version (schema ${header.schema})`,
      { where: path, hint: 'Use that version, or name another --state-dir.' },
    );
  }
  const { learntBy, learntAt } = header ?? {};
  const keys = rest.filter((line) => line !== '').map((line) => keyOf(line, alias));
  const whole = keys.length > 0 && keys.every((key) => key !== undefined);
  if (!whole || typeof learntBy !== 'string' || typeof learntAt !== 'string') {
    throw new TruenameError('state-unwritable', `${path} is not as Truename wrote it`, {
      where: path,
      hint: 'Delete the file: the keys are learnt anew from the guest agent.',
    });
  }
  return { keys, learntBy, learntAt };
}

function parseHeader(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line.replace(/^# /, ''));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(line: string, alias: string): string | undefined {
  const [name, type, key, ...more] = line.split(' ');
  return name === alias && type && key && more.length === 0 ? `${type} ${key}` : undefined;
}
