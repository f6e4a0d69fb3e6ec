import type { ApiProblem } from './problem.ts';

/** A request as the façade judges it, free of sockets. */
export interface ApiRequest {
  readonly method: string;
  /** The raw request target: path and query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: Buffer;
  /** Came over the local unix socket: the caller is root@pam, no header needed. */
  readonly local?: boolean;
}

/** An answer; `drop` means that the connection is cut without one. */
export interface ApiResponse {
  readonly status: number;
  readonly reason: string;
  readonly contentType?: string;
  readonly body: string;
  readonly drop?: boolean;
}

/** The segment after `/api2/`. */
export type Format = 'json' | 'extjs';

const contentType = 'application/json;charset=UTF-8';

/** A success; `total` only for lists that page. Source: pve-http-server Formatter/Standard.pm. */
export function dataResponse(format: Format, data: unknown, total?: number): ApiResponse {
  const paging = total === undefined ? {} : { total };
  const status = format === 'extjs' ? { success: 1 } : {};
  const body = JSON.stringify({ ...shuffled({ data: data ?? null, ...status, ...paging }) });
  return { status: 200, reason: 'OK', contentType, body };
}

/**
 * An error: first line of the message as the reason, the whole message and the parameters' texts in the body. `bare`: the
 * message is not in the body, as before pve-http-server 5.2.0.
 */
export function errorResponse(format: Format, problem: ApiProblem, bare = false): ApiResponse {
  const reason = problem.message.split('\n')[0]?.trim() ?? '';
  if (!problem.formatted) return { status: problem.status, reason, body: '' };
  const errors = problem.errors === undefined ? {} : { errors: problem.errors };
  if (format === 'extjs') {
    const body = { success: 0, status: problem.status, message: problem.message, data: null, ...errors };
    return { status: 200, reason: 'OK', contentType, body: JSON.stringify(body) };
  }
  const body = { data: null, ...(bare ? {} : { message: problem.message }), ...errors };
  return { status: problem.status, reason, contentType, body: JSON.stringify(body) };
}

/** Perl's hashes have no order: top-level keys come reversed here so that nobody relies on one. */
function shuffled(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).reverse());
}
