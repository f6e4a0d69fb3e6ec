import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { TruenameError } from '../domain/error.ts';
import type { HostKeyStore, PinnedHostKeys } from '../domain/ports.ts';

/** Version of the state files; a newer one is left alone. */
const schema = 1;

interface PinFile {
  readonly schema: number;
  readonly pins: Readonly<Record<string, PinnedHostKeys>>;
}

/** Host-key pins in `host-keys.json` of the state directory, and the same as a known_hosts file for ssh. */
export function hostKeyStore(directory: string): HostKeyStore {
  const records = join(directory, 'host-keys.json');
  const file = join(directory, 'known_hosts');
  return {
    file,
    async pinned(alias) {
      return (await read(records)).pins[alias];
    },
    async pin(alias, keys) {
      const pins = { ...(await read(records)).pins, [alias]: keys };
      const lines = Object.entries(pins).flatMap(([name, pin]) => pin.keys.map((key) => `${name} ${key}`));
      await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error) =>
        Promise.reject(unwritable(directory, error)),
      );
      await replace(file, `${lines.join('\n')}\n`);
      await replace(records, `${JSON.stringify({ schema, pins } satisfies PinFile, null, 2)}\n`);
    },
  };
}

async function read(path: string): Promise<PinFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unwritable(path, error);
  });
  if (text === undefined) return { schema, pins: {} };
  const parsed = JSON.parse(text) as PinFile;
  if (parsed.schema !== schema) {
    throw new TruenameError(
      'state-unwritable',
      `${path} was written by another version (schema ${parsed.schema})`,
      {
        where: path,
        hint: 'Use that version, or name another --state-dir.',
      },
    );
  }
  return parsed;
}

/** Whole or not at all: written aside, flushed, renamed. */
async function replace(path: string, text: string): Promise<void> {
  try {
    const aside = await open(`${path}.new`, 'w', 0o600);
    await aside.writeFile(text);
    await aside.sync();
    await aside.close();
    await rename(`${path}.new`, path);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, cause: unknown): TruenameError {
  return new TruenameError('state-unwritable', `the state file ${path} cannot be read or written`, {
    where: path,
    hint: 'Make the state directory writable, or name another with --state-dir.',
    cause,
  });
}
