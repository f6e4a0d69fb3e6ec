import { Agent, type Dispatcher, request } from 'undici';
import type { TlsTrust } from '../domain/tls-trust.ts';
import { HttpError, httpError, isReset } from './http-error.ts';
import { tlsConnector } from './http-tls.ts';

/** How a server is spoken to. */
export interface HttpClientOptions {
  /** `https://host:8006/api2/json`, without a query. */
  readonly baseUrl: string;
  /** Sent with each request; may hold secrets, which are in no error. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The system's authorities when left out. */
  readonly trust?: TlsTrust;
  /** For one whole exchange; 30 s when left out. */
  readonly timeoutMs?: number;
  /** A longer body is refused with `bad-response`; 32 MiB when left out. */
  readonly maxBodyBytes?: number;
  /** In place of a pool of connections of its own; for tests. */
  readonly dispatcher?: Dispatcher;
}

/** Name and value; a name may come more than once. */
export type HttpFields = readonly (readonly [name: string, value: string])[];

/** One request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Appended to the base address; already percent-encoded. */
  readonly path: string;
  readonly query?: HttpFields;
  /** Body as `application/x-www-form-urlencoded`. */
  readonly form?: HttpFields;
  /** Body as JSON; not together with `form`. */
  readonly json?: unknown;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/** An answer, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  /** The reason phrase, which some products use for the message. */
  readonly reason: string;
  /** At most the bound of the client, read as UTF-8. */
  readonly body: string;
  /** When it was given, by the server's clock, ISO 8601, UTC (RFC 9110 section 6.6.1); absent where it does not say. */
  readonly date?: string;
}

/** A client of one server. Throws only `HttpError`; never follows a redirect. */
export interface HttpClient {
  request(options: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections at once; the client cannot be used afterwards. */
  close(): Promise<void>;
}

/** A GET is sent again so often when the server had closed the connection that it was sent on. */
const resends = 2;

/** A client of the server at the base address. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const base = options.baseUrl.replace(/\/+$/, '');
  const where = new URL(base).host;
  const timeoutMs = options.timeoutMs ?? 30_000;
  const dispatcher = options.dispatcher ?? createPool(options, timeoutMs);

  async function exchange(call: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const body = bodyOf(call);
    const answer = await request(`${base}${call.path}${queryOf(call.query)}`, {
      method: call.method,
      headers: { ...options.headers, accept: 'application/json', ...body?.headers },
      body: body?.text ?? null,
      signal,
      dispatcher,
    });
    const text = await answer.body.text();
    const date = dateIn(answer.headers.date);
    return { status: answer.statusCode, reason: answer.statusText, body: text, ...date };
  }

  return {
    async request(call) {
      const limit = AbortSignal.timeout(call.timeoutMs ?? timeoutMs);
      const signal = AbortSignal.any([call.signal, limit]);
      try {
        signal.throwIfAborted();
        return await resending(call.method === 'GET' ? resends : 0, () => exchange(call, signal));
      } catch (error) {
        throw signal.aborted ? abortError(call.signal, where, error) : httpError(error, where);
      }
    },
    close: () => dispatcher.close(),
  };
}

/** Sends again when the connection turns out to have been closed. */
async function resending<T>(times: number, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (times === 0 || !isReset(error)) throw error;
    return resending(times - 1, send);
  }
}

function createPool(options: HttpClientOptions, timeoutMs: number): Dispatcher {
  return new Agent({
    connect: tlsConnector(options.trust ?? { kind: 'system' }, Math.min(timeoutMs, 10_000)),
    maxResponseSize: options.maxBodyBytes ?? 32 * 1024 * 1024,
    connections: 8,
  });
}

function dateIn(header: string | string[] | undefined): Pick<HttpResponse, 'date'> {
  const at = typeof header === 'string' ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? {} : { date: new Date(at).toISOString() };
}

function queryOf(query: HttpFields | undefined): string {
  return query === undefined || query.length === 0 ? '' : `?${encodeFields(query)}`;
}

function encodeFields(fields: HttpFields): string {
  return new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString();
}

function bodyOf(call: HttpRequest): { text: string; headers: Record<string, string> } | undefined {
  if (call.form !== undefined) {
    return {
      text: encodeFields(call.form),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
  }
  if (call.json === undefined) return undefined;
  return { text: JSON.stringify(call.json), headers: { 'content-type': 'application/json' } };
}

/** Tells the caller's own end of patience from that of this one exchange, and both from an interruption. */
function abortError(callers: AbortSignal, where: string, cause: unknown): HttpError {
  const reason: unknown = callers.reason;
  const interrupted = callers.aborted && !(reason instanceof Error && reason.name === 'TimeoutError');
  return interrupted
    ? new HttpError('cancelled', 'interrupted', { sent: true, cause })
    : new HttpError('timeout', `${where} did not answer in time`, { sent: true, cause });
}
