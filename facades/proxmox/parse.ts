import type { ApiRequest, Format } from './message.ts';
import { refused } from './problem.ts';
import type { Value } from './schema/schema.ts';

/** What step 1 makes of a request. */
export interface ParsedRequest {
  readonly method: string;
  readonly format: Format;
  /** Unescaped, without `/api2/json`, starting with a slash, without empty segments. */
  readonly path: string;
  /** Query over body. */
  readonly parameters: Readonly<Record<string, Value>>;
}

/** 512 KiB: pve-http-server AnyEvent.pm `$limit_max_post`. */
export const bodyLimit = 512 * 1024;

/**
 * Step 1: limits and syntax. Throws unformatted problems (501, 506) with the server's own texts.
 * Source: pve-http-server src/PVE/APIServer/AnyEvent.pm `process_header`,
 * `authenticate_and_handle_request`, `extract_params`, `split_abs_uri`.
 */
export function parse(request: ApiRequest): ParsedRequest {
  const { method } = request;
  if (!['GET', 'POST', 'PUT', 'DELETE'].includes(method))
    throw refused(501, `method '${method}' not available`);
  const encoding = request.headers['transfer-encoding'];
  if (encoding?.toLowerCase() === 'chunked') throw refused(501, 'chunked transfer encoding not supported');
  if (encoding !== undefined) throw refused(501, `Unknown transfer encoding '${encoding}'`);
  const [rawPath = '', query = ''] = splitOnce(request.target, '?');
  const { format, path } = locate(rawPath);
  const length = Number(request.headers['content-length'] ?? 0);
  const takesBody = method === 'POST' || method === 'PUT';
  if (length > 0 && !takesBody) throw refused(501, `Unexpected content for method '${method}'`);
  if (length > bodyLimit) throw refused(501, 'for data too large');
  const body = takesBody ? bodyParameters(request) : {};
  const parameters: Record<string, Value> = { ...body, ...decodeForm(query) };
  delete parameters._dc;
  return { method, format, path, parameters };
}

function locate(rawPath: string): { format: Format; path: string } {
  const segments = percentDecode(rawPath)
    .split('/')
    .filter((segment) => segment !== '');
  const [prefix, format, ...rest] = segments;
  if (prefix !== 'api2') throw refused(500, `no such file '${percentDecode(rawPath)}'`);
  if (format !== 'json' && format !== 'extjs') throw refused(501, 'no such uri');
  return { format, path: `/${rest.join('/')}` };
}

function bodyParameters(request: ApiRequest): Record<string, Value> {
  const text = request.body?.toString('utf8') ?? '';
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || type === 'application/x-www-form-urlencoded') return decodeForm(text);
  if (type !== 'application/json') throw refused(506, `upload '${type}' not implemented`);
  if (text === '') return {};
  return jsonParameters(text);
}

/** What the product answers to malformed JSON is a 500 with a plain text; the text itself is this project's. */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson';
}

function jsonParameters(text: string): Record<string, Value> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedJson('malformed JSON string in request body');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new MalformedJson('request body is not a JSON object');
  }
  return value as Record<string, Value>;
}

/** Pairs separated by `&` or `;`; a repeated key becomes an array. Source: AnyEvent.pm `decode_urlencoded`. */
function decodeForm(text: string): Record<string, Value> {
  const result: Record<string, Value> = Object.create(null);
  for (const pair of text.split(/[&;]/)) {
    if (pair === '') continue;
    const [rawKey, rawValue = ''] = splitOnce(pair, '=');
    const key = percentDecode(rawKey.replaceAll('+', ' '));
    const value = percentDecode(rawValue.replaceAll('+', ' '));
    const before = result[key];
    if (before === undefined) result[key] = value;
    else result[key] = Array.isArray(before) ? [...before, value] : [before, value];
  }
  return result;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Percent-decodes what can be, leaves the rest as it is, then reads the bytes as UTF-8. */
function percentDecode(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const decoded = bytes.replace(/%([0-9a-fA-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString('utf8');
}
