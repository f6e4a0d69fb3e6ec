import { join } from 'node:path';
import type { HostKeyStore, PinnedHostKeys } from '../domain/ports.ts';
import { replaceFile } from './replace-file.ts';
import { aliasFileName, notAsWritten, otherSchema, parseObject, readStateFile } from './state-file.ts';

/** Version of the files; one of another version is left alone. */
const schema = 1;

/**
 * Host-key pins: one known_hosts file per alias in `host-keys/` of the state directory. Its first line is a
 * comment that says, as JSON, how and when the keys were learnt. As no two guests share a file, runs side by
 * side cannot lose each other's pins; as keys and origin share one, they cannot disagree.
 */
export function hostKeyStore(directory: string): HostKeyStore {
  const file = (alias: string) => join(directory, 'host-keys', aliasFileName(alias, 'host keys'));
  return {
    file,
    async pinned(alias) {
      const path = file(alias);
      const text = await readStateFile(path);
      return text === undefined ? undefined : parse(text, alias, path);
    },
    async pin(alias, { keys, learntBy, learntAt }) {
      const header = JSON.stringify({ schema, learntBy, learntAt });
      const lines = [`# ${header}`, ...keys.map((key) => `${alias} ${key}`)];
      await replaceFile(file(alias), `${lines.join('\n')}\n`);
    },
  };
}

function parse(text: string, alias: string, path: string): PinnedHostKeys {
  const [first = '', ...rest] = text.split('\n');
  const header = parseObject(first.replace(/^# /, ''));
  const other = otherSchema(path, header?.schema, schema);
  if (other !== undefined) throw other;
  const { learntBy, learntAt } = header ?? {};
  const keys = rest.filter((line) => line !== '').map((line) => keyOf(line, alias));
  const whole = keys.length > 0 && keys.every((key) => key !== undefined);
  if (!whole || typeof learntBy !== 'string' || typeof learntAt !== 'string') {
    throw notAsWritten(path, 'Delete the file: the keys are learnt anew from the guest agent.');
  }
  return { keys, learntBy, learntAt };
}

function keyOf(line: string, alias: string): string | undefined {
  const [name, type, key, ...more] = line.split(' ');
  return name === alias && type && key && more.length === 0 ? `${type} ${key}` : undefined;
}
