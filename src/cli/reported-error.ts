import type { ErrorCode, TruenameError } from '../domain/error.ts';

/** What went wrong, for scripts; the same keys in every report. */
export interface ReportedError {
  readonly code: string;
  readonly message: string;
  readonly where: string | null;
  readonly hint: string | null;
}

/** An error as reports have it; null for none. */
export function reportedError(error: TruenameError | undefined): ReportedError | null {
  if (error === undefined) return null;
  const { code, message, where, hint } = error;
  return { code, message, where: where ?? null, hint: hint ?? null };
}

/** What was given is wrong, rather than what was looked at or done. */
const usage: readonly ErrorCode[] = [
  'usage',
  'configuration-invalid',
  'not-found',
  'guest-ambiguous',
  'vm-is-template',
  'bundle-invalid',
  'too-many-guests',
  'nothing-to-undo',
];

/** True for an error that ends a command with exit code 2. */
export function isUsage(error: TruenameError): boolean {
  return usage.includes(error.code);
}
