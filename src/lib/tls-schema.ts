import { z } from 'zod';
import { parseFingerprint } from '../domain/tls-trust.ts';

/** The SHA-256 fingerprint of a certificate as people copy it, in a configuration. */
export const fingerprintSchema = z
  .string()
  .max(128)
  .refine((text) => parseFingerprint(text) !== undefined, 'is no SHA-256 fingerprint');

/** `https://HOST` or `https://HOST:PORT`, and nothing behind it; `message` says so in the words of the key. */
export function httpsOriginSchema(message: string) {
  return z
    .string()
    .max(512)
    .refine((text) => /^https:\/\/[^/?#@\s]+\/?$/i.test(text) && URL.canParse(text), message);
}
