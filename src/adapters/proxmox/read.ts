import type { z } from 'zod';
import { SourceError } from '../../domain/error.ts';
import { shown } from '../../lib/shown.ts';
import { proxmox } from './client.ts';

/**
 * The answer read by the schema; throws `bad-response` that names what was asked and what is wrong with it. What
 * was answered is not in the error: it may be secret, or some MiB of a guest's making.
 */
export function read<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  const why = `${issue?.message ?? 'invalid'}${at}`;
  throw new SourceError('bad-response', proxmox, `${what} cannot be understood: ${shown(why)}`);
}
