import type { ApiRequest } from './message.ts';

/** The fields of a body; `refused` for an empty one that is said to be JSON. */
export type Posted = Readonly<Record<string, unknown>> | 'refused';

/** The content types that are read, in lower case and without blanks; the body of any other is passed over. */
const jsonTypes = new Set(['application/json', 'application/json;charset=utf-8']);

/** What the product takes for POST fields (C/Base/ApiControllerBase.php, `parseJsonBodyData`). */
export function posted({ headers, body = '' }: ApiRequest): Posted {
  const type = (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
  if (!jsonTypes.has(type)) return {};
  if (body === '') return 'refused';
  try {
    const value: unknown = JSON.parse(body);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

/** True for a JSON object. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A value as a field of a model keeps it: PHP casts it to text, and `false` to none of it. Undefined for a list or an object,
 * at which PHP throws.
 */
export function fieldText(value: unknown): string | undefined {
  if (value === null || value === false) return '';
  if (value === true) return '1';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
