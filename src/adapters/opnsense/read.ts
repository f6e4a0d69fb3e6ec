import type { z } from 'zod';
import { SourceError } from '../../domain/error.ts';
import { shown } from '../../lib/shown.ts';
import type { OpnsenseAnswer, OpnsenseApi } from './api.ts';
import { gridSchema } from './schema.ts';

/** The answer read by the schema; throws `bad-response` that names what was asked and what is wrong with it. */
export function read<T>(schema: z.ZodType<T>, { value }: OpnsenseAnswer, source: string, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new SourceError(
    'bad-response',
    source,
    `${what} cannot be understood: ${shown(`${issue?.message}${at}`)}`,
  );
}

/** All rows of a grid, and when they were read by the firewall's clock. */
export interface Grid<Row> {
  readonly rows: readonly Row[];
  readonly at?: string;
}

/**
 * Asks a grid for all of its rows: without a count, those of leases end at 9999 (C/Base/ApiControllerBase.php,
 * `searchRecordsetBase`). Throws `bad-response` where fewer came than there are.
 */
export async function readGrid<Row>(
  api: OpnsenseApi,
  path: readonly string[],
  schema: z.ZodType<Row>,
  signal: AbortSignal,
): Promise<Grid<Row>> {
  const what = path.join('/');
  const answer = await api.post({ path, json: { current: 1, rowCount: -1, searchPhrase: '' }, signal });
  const { rows, total } = read(gridSchema, answer, api.source, what);
  if (rows.length !== total) {
    const why = `${what} answered with ${rows.length} of ${total} rows`;
    throw new SourceError('bad-response', api.source, why);
  }
  const parsed = rows.map((row) => read(schema, { value: row }, api.source, `a row of ${what}`));
  return { rows: parsed, ...(answer.at === undefined ? {} : { at: answer.at }) };
}
