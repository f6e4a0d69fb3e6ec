import { TruenameError } from '../domain/error.ts';
import type { Evidence } from '../domain/evidence.ts';
import { bundleSchema } from './schema.ts';

/** Evidence on machines, to be kept and read elsewhere. */
export interface Bundle {
  readonly schema: 'truename/bundle/1';
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** Of the truename that made it. */
  readonly version: string;
  readonly namesHashed: boolean;
  /** One at least. */
  readonly machines: readonly Evidence[];
}

/** A bundle of this evidence. */
export function makeBundle(machines: readonly Evidence[], made: Pick<Bundle, 'madeAt' | 'version'>): Bundle {
  return { schema: 'truename/bundle/1', ...made, namesHashed: false, machines };
}

/** The text of a bundle's file. */
export function renderBundle(bundle: Bundle): string {
  return `${JSON.stringify(bundle, null, 2)}\n`;
}

/**
 * The bundle in a text. It comes from somebody else: what is no bundle throws `bundle-invalid`, which says what
 * is wrong and repeats nothing of it.
 */
export function readBundle(text: string, where: string): Bundle {
  const value = parse(text, where);
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (
    typeof schema === 'string' &&
    /^truename\/bundle\/\d{1,4}$/.test(schema) &&
    schema !== 'truename/bundle/1'
  ) {
    throw new TruenameError('bundle-invalid', `it is a ${schema}, and only truename/bundle/1 is known here`, {
      where,
      hint: 'Read it with the version of truename that made it.',
    });
  }
  const result = bundleSchema.safeParse(value);
  // JSON has dropped the keys that are undefined; reading them gives undefined again.
  if (result.success) return result.data as unknown as Bundle;
  const [issue] = result.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? 'the whole' : issue.path.map(String).join('.');
  throw new TruenameError('bundle-invalid', `it is no bundle: ${at.slice(0, 200)} is not what stands there`, {
    where,
    hint: 'Make one with `truename bundle <guest…> --out FILE`.',
  });
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TruenameError('bundle-invalid', 'it is no JSON document', {
      where,
      hint: 'Make one with `truename bundle <guest…> --out FILE`.',
    });
  }
}
