import { inspect } from 'node:util';
import { z } from 'zod';
import { TruenameError } from '../domain/error.ts';
import { readBounded, systemReason } from './bounded-file.ts';

/** Longer than any token or password; bounds a file that was named by mistake. */
const maxBytes = 64 * 1024;

/** Where a secret is to be found. The text is `env:NAME` or `file:PATH`, never the secret itself. */
export const secretReferenceSchema = z
  .string()
  .max(4096)
  .regex(
    /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^\p{Cc}]+)$/u,
    'must be env:NAME or file:PATH: a secret itself has no place in this file, where it would be copied, shown and committed',
  )
  .meta({
    description: 'Where the secret is: `env:NAME` (an environment variable) or `file:PATH` (its first line).',
    examples: ['env:PVE_TOKEN', 'file:~/.config/truename/pve-token'],
  });

/** A secret that was not read yet. Whatever prints it, prints `[secret]`. */
export interface Secret {
  toString(): '[secret]';
  toJSON(): '[secret]';
  readonly [inspect.custom]: () => '[secret]';
}

const references = new WeakMap<Secret, string>();
const hidden = () => '[secret]' as const;

/** The secret behind a checked reference, whose path must be absolute already. */
export function createSecret(reference: string): Secret {
  const secret: Secret = Object.freeze({ toString: hidden, toJSON: hidden, [inspect.custom]: hidden });
  references.set(secret, reference);
  return secret;
}

/**
 * Reads the secret now. Throws `configuration-invalid` when there is none, naming the variable or
 * file but never what is in it.
 */
export async function readSecret(
  secret: Secret,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const reference = references.get(secret) ?? '';
  const name = reference.slice(reference.indexOf(':') + 1);
  if (reference.startsWith('env:')) {
    return checked(environment[name] ?? '', `the environment variable ${name} is not set`);
  }
  const content = await readBounded(name, maxBytes).catch((error: unknown) => {
    const message = `the secret in ${name} cannot be read (${systemReason(error)})`;
    throw new TruenameError('configuration-invalid', message, { where: name });
  });
  if (content.length > maxBytes) {
    throw new TruenameError('configuration-invalid', `${name} is too long to hold a secret`, { where: name });
  }
  return checked(content.split(/\r?\n/, 1)[0] ?? '', `${name} holds no secret`);
}

/** A header cannot carry control characters, and an error of the HTTP library might show them. */
function checked(value: string, problem: string): string {
  const text = value.trim();
  if (text !== '' && !/\p{Cc}/u.test(text)) return text;
  const message = text === '' ? problem : `${problem}: it holds control characters`;
  throw new TruenameError('configuration-invalid', message);
}
